using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Source;

/// <summary>
/// Keeps an eye on the peer: a ping each half second (a sign of life, and a sample of its clock), and a timeout when nothing is heard,
/// or nothing that was sent is acknowledged, or a fence not answered, for longer than the idle timeout.
/// </summary>
internal sealed class SourceWatch(SourceState state)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private long _idleSince;

    /// <summary>Watches until <paramref name="stop"/>. Never throws: a broken link is found by the return path.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, state.Clock.Time);
        var ping = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                Check();
                // Not awaited: to a peer that reads no more a ping waits for ever, and the check is what ends that.
                if (ping.IsCompleted) ping = PingAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
        await ping;
    }

    private async Task PingAsync(CancellationToken stop)
    {
        try
        {
            await state.Link.SendAsync(new PingMessage(state.Clock.Nanoseconds), stop);
        }
        catch (Exception lost) when (lost is OperationCanceledException or MigrationException)
        {
            // The session is over, or the return path finds the broken link.
        }
    }

    private void Check()
    {
        var limit = state.Options.IdleTimeout;
        if (state.Link.Silence > limit)
            Fail($"Nothing has been heard from the destination for {limit.TotalSeconds:0.###} s.");
        // A destination that acknowledges a fence and does not answer it would else be waited for without end, with the guest paused.
        var waiting = state.Return!.IsFenceDue || state.Crew!.Channels.Any(channel => channel.Unacknowledged.Added > channel.Unacknowledged.Acknowledged);
        if (!waiting) _idleSince = state.Clock.Nanoseconds;
        else if (state.Since(Math.Max(_idleSince, state.Return.LastProgress)) > limit)
            Fail($"The destination has acknowledged nothing of what was sent, or not answered a fence, for {limit.TotalSeconds:0.###} s.");
    }

    private void Fail(string message) =>
        _ = state.Fault.TrySet(new MigrationError(MigrationErrorCode.Timeout, MigrationSide.Source, state.Step, message));
}
