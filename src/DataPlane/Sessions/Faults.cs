using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;

namespace DataPlane.Sessions;

/// <summary>Turns what went wrong into a <see cref="MigrationError"/>.</summary>
internal static class Faults
{
    private const int OutOfMemory = 12;
    private const int BadAddress = 14;
    private const int TooManyFiles = 24;
    private const int NoSpace = 28;

    /// <summary>
    /// What an exception means on <paramref name="side"/> in <paramref name="step"/>. A connection knows only that it broke, and the control link
    /// what came over it: what was being done then is the step.
    /// </summary>
    public static MigrationError From(Exception fault, MigrationSide side, string step) => fault switch
    {
        MigrationException { Error: { Code: MigrationErrorCode.ConnectionLost } or { Code: MigrationErrorCode.ProtocolViolation, Step: "control" } } found
            when found.Error.Side == side => found.Error with { Step = step },
        MigrationException known => known.Error,
        LinuxException { Errno: BadAddress, Call: "sendmsg" or "recvmsg" } => new MigrationError(
            MigrationErrorCode.OutOfResources, side, step,
            "Guest memory got no more pages (a full tmpfs, too few huge pages, or a file that is too short): give its file room."),
        LinuxException { Errno: OutOfMemory or BadAddress or TooManyFiles or NoSpace } linux =>
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
}
