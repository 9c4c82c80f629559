using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;

namespace DataPlane.Sessions;

/// <summary>Turns what went wrong into a <see cref="MigrationError"/>.</summary>
internal static class Faults
{
    private const int OutOfMemory = 12;
    private const int TooManyFiles = 24;

    /// <summary>What an exception means on <paramref name="side"/> in <paramref name="step"/>.</summary>
    public static MigrationError From(Exception fault, MigrationSide side, string step) => fault switch
    {
        MigrationException known => known.Error,
        LinuxException { Errno: OutOfMemory or TooManyFiles } linux =>
            new MigrationError(MigrationErrorCode.OutOfResources, side, step, linux.Message),
        LinuxException { Call: "sendmsg" or "recvmsg" } linux =>
            new MigrationError(MigrationErrorCode.ConnectionLost, side, step, $"A data channel broke: {linux.Message}"),
        SocketException socket => new MigrationError(MigrationErrorCode.ConnectionLost, side, step, socket.Message),
        OperationCanceledException => new MigrationError(MigrationErrorCode.Cancelled, side, step, "The migration was stopped."),
        OutOfMemoryException memory => new MigrationError(MigrationErrorCode.OutOfResources, side, step, memory.Message),
        _ => new MigrationError(MigrationErrorCode.Internal, side, step, $"{fault.GetType().Name}: {fault.Message}"),
    };

    /// <summary>What the peer said of its failure, as the error of this side.</summary>
    public static MigrationError FromPeer(FailedMessage failed, MigrationSide thisSide)
    {
        var peer = thisSide == MigrationSide.Source ? MigrationSide.Destination : MigrationSide.Source;
        var code = Enum.IsDefined(failed.Code) ? failed.Code : MigrationErrorCode.Internal;
        var who = peer == MigrationSide.Source ? "source" : "destination";
        return new MigrationError(code, peer, failed.Step, $"The {who} ended the migration.", failed.Message);
    }

    /// <summary>
    /// Runs a step of the host; what it throws fails the migration by the step's name. A cancellation counts as one only when
    /// <paramref name="stopping"/> asked for it: the host may have timeouts of its own.
    /// </summary>
    public static async ValueTask HostStepAsync(MigrationSide side, string step, Func<ValueTask> call, CancellationToken stopping)
    {
        try
        {
            await call();
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            throw new MigrationException(
                new MigrationError(MigrationErrorCode.HostFailed, side, step, $"The host's {step} failed: {fault.Message}"), fault);
        }
    }
}
