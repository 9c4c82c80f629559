using DataPlane.Control.Timeline;
using DataPlane.Host;
using DataPlane.Telemetry;

namespace DataPlane.Source;

/// <summary>The guest goes on where it was: takes back what was let go of, and lets it run.</summary>
internal static class GuestReturn
{
    /// <summary>Never throws: what fails is kept in the state, and the next step is tried all the same.</summary>
    public static async Task RunAsync(SourceState state)
    {
        if (state.Released) await TryAsync(state, "acquire", () => AcquireAsync(state));
        if (state.Paused) await TryAsync(state, "resume", () => ResumeAsync(state));
        if (state.ThrottlePercent > 0)
            await TryAsync(state, "throttle", () => state.Calls.RunAsync("throttle", () => ((IGuestThrottle)state.Host).ThrottleAsync(0, CancellationToken.None)));
    }

    private static async ValueTask AcquireAsync(SourceState state)
    {
        var asked = state.Clock.Nanoseconds;
        await state.Calls.RunAsync("acquire", () => state.Host.AcquireAsync(CancellationToken.None));
        state.Blackout.Add(BlackoutStageKind.AcquireAgain, 0, asked, state.Clock.Nanoseconds);
    }

    private static async ValueTask ResumeAsync(SourceState state)
    {
        var asked = state.Clock.Nanoseconds;
        await state.Calls.RunAsync("resume", () => state.Host.ResumeAsync(CancellationToken.None));
        state.Blackout.Mark(BlackoutMoment.BackAgain, GuestMoments.Resumed(state.Host, asked, state.Clock.Nanoseconds, out var warning));
        state.Warn(warning);
    }

    /// <summary>One step of the way back; what it throws is kept beside the fault that led there.</summary>
    public static async Task TryAsync(SourceState state, string step, Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (Exception fault)
        {
            var words = $"{step} on the source failed too: {fault.Message}";
            state.RollbackFault = state.RollbackFault is null ? words : $"{state.RollbackFault} {words}";
            state.Words.Write(words);
        }
    }
}
