using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Linux.Sockets;

namespace DataPlane.Sessions;

/// <summary>
/// Finds out that the other host is gone: its kernel acknowledges nothing any more on one of the connections, while what was sent or
/// asked waits for an answer. A peer whose kernel still answers and whose process does not is left to the idle timeout.
/// </summary>
/// <remarks>One connection is enough: a path that carries the others and not this one cannot carry the migration either.</remarks>
internal sealed class PeerWatch(SessionFault fault, TimeProvider time, MigrationSide side, Func<string> step, string? peer = null)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Watches until <paramref name="stop"/>. Never throws. The connections must outlive it.</summary>
    public async Task RunAsync(Socket control, IReadOnlyList<IDataConnection> data, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (TcpTuning.ReadStatus(control) is { PeerIsGone: true } status) Fail("the control connection", status);
                for (var channel = 0; channel < data.Count; channel++)
                    if (data[channel].ReadStatus() is { PeerIsGone: true } silent) Fail($"data channel {channel}", silent);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Fail(string where, TcpStatus status)
    {
        var who = peer ?? (side == MigrationSide.Source ? "destination" : "source");
        _ = fault.TrySet(new MigrationError(
            MigrationErrorCode.ConnectionLost, side, step(),
            $"The {who}'s host is gone or cannot be reached: for {status.SinceAcknowledgement / 1e3:0.0} s it has acknowledged nothing on {where}. "
            + "Check the network between the hosts."));
    }
}
