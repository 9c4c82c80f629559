using DataPlane.Core.Errors;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>Keeps an eye on the source, which pings: a timeout when nothing is heard for longer than the idle timeout.</summary>
internal sealed class DestinationWatch(DestinationState state, ControlLink link)
{
    /// <summary>Watches until <paramref name="stop"/>. Never throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var limit = state.Options.IdleTimeout;
        var silence = new Stillness(Stillness.RoundFor(limit));
        using var timer = new PeriodicTimer(Stillness.RoundFor(limit), state.Clock.Time);
        var last = state.Clock.Nanoseconds;
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                var since = state.Since(last);
                last = state.Clock.Nanoseconds;
                if (silence.Look(link.LastHeard, waiting: true, since) > limit)
                    _ = state.Fault.TrySet(new MigrationError(
                        MigrationErrorCode.Timeout, MigrationSide.Destination, state.Step,
                        $"Nothing has been heard from the source for {limit.TotalSeconds:0.###} s."));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
