using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>
/// Keeps an eye on the peer: pings from the client, and a timeout when nothing is heard for longer than the idle timeout, or nothing that was sent is acknowledged for far longer.
/// </summary>
internal sealed class LinkWatch(LinkEnd end, TimeSpan idle)
{
    // Frames of 2 MiB on 64 channels are 128 MiB, which a link of 20 Mbit/s takes a minute for, and all of them may end at once.
    private const int FrameRounds = 6;

    /// <summary>Watches until <paramref name="stop"/>. Never throws: a broken link is found by the inbox.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var round = Stillness.RoundFor(idle);
        var (silence, unplaced) = (new Stillness(round), new Stillness(round));
        using var timer = new PeriodicTimer(round, end.Clock.Time);
        var ping = Task.CompletedTask;
        var last = end.Clock.Nanoseconds;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var now = end.Clock.Nanoseconds;
                var since = TimeSpan.FromMicroseconds((now - last) / 1e3);
                last = now;
                if (silence.Look(end.Link.LastHeard, waiting: true, since) > idle)
                    Fail($"Nothing has been heard from the {LinkFaults.Peer(end.Side)} for {idle.TotalSeconds:0.###} s: its process stands still, or the network between is broken.");
                if (end.Sender?.Outstanding is { } sent && unplaced.Look(sent.Mark, sent.Waiting, since) > FrameRounds * idle)
                    Fail($"The {LinkFaults.Peer(end.Side)} has acknowledged nothing of what was sent for {FrameRounds * idle.TotalSeconds:0.###} s.");
                // Not awaited: to a peer that reads no more a ping waits for ever, and the check is what ends that.
                if (ping.IsCompleted && end.Side == LinkSide.Client) ping = PingAsync(end, stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
        await ping;
    }

    /// <summary>One ping. Never throws.</summary>
    public static async Task PingAsync(LinkEnd end, CancellationToken stop)
    {
        try
        {
            await end.Link.SendAsync(new PingMessage(end.Clock.Nanoseconds), stop);
        }
        catch (Exception lost) when (lost is OperationCanceledException or MigrationException or ObjectDisposedException)
        {
            // The measurement is over, or the inbox finds the broken link.
        }
    }

    private void Fail(string message) => end.Fail(new MigrationException(new MigrationError(MigrationErrorCode.Timeout, LinkFaults.Named(end.Side), end.Step, message)));
}
