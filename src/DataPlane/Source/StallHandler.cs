using DataPlane.Control.Convergence;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>Carries out what was decided about passes that get nowhere: slows the guest down, or asks the embedder.</summary>
internal sealed class StallHandler(SourceState state)
{
    private readonly GuestThrottle _throttle = new();

    /// <summary>The guest could not be slower.</summary>
    public bool Exhausted => _throttle.Exhausted;

    /// <summary>After each pass: a step up or down, where slowing down is the policy; freely again where it no longer is.</summary>
    public async Task ThrottleAsync(ConvergenceTrend trend, double dirtyRate, double bandwidth)
    {
        if (state.Host is not IGuestThrottle host) return;
        var changed = state.Options.OnStall == StallHandling.Throttle
            ? _throttle.Decide(trend, dirtyRate, bandwidth, state.Since(state.Started)) : _throttle.Release();
        if (!changed) return;
        // Until the host has said so the guest may be as slow as before or as slow as asked: the way back has to let it go in both cases.
        state.ThrottlePercent = Math.Max(state.ThrottlePercent, _throttle.Percent);
        state.Step = "throttle";
        await state.Calls.RunAsync("throttle", () => host.ThrottleAsync(_throttle.Percent, state.Fault.Stopping), state.Fault.Stopping);
        state.ThrottlePercent = _throttle.Percent;
        state.Step = "pass";
    }

    /// <summary>The embedder's answer as a decision.</summary>
    public async Task<PrecopyDecision> AskAsync(PrecopyDecision decision, ConvergenceTrend trend, long remainingPages, TimeSpan? hardLimit)
    {
        var forecast = state.Forecast!;
        var report = new StallReport
        {
            Pass = (int)state.Crew!.Pass,
            Elapsed = state.Since(state.Started),
            Timeout = state.Options.Timeout,
            RemainingBytes = remainingPages * PageGeometry.PageSize,
            DirtyBytesPerSecond = forecast.Dirty.BytesPerSecond,
            WorkingSetBytes = forecast.Dirty.WorkingSetBytes,
            BytesPerSecond = forecast.Rate.BytesPerSecond,
            Forecast = DowntimeForecast.Of(decision.Forecast),
            DowntimeLimit = state.Options.DowntimeLimit,
            Hopeless = trend == ConvergenceTrend.Hopeless,
            Reason = decision.Reason,
        };
        var answer = StallAnswer.Continue;
        state.Step = "ask-on-stall";
        // Changed in between to a policy that has nobody to ask: another pass, after which the new policy decides.
        if (state.Options.AskOnStall is { } ask)
            await state.Calls.RunAsync("ask-on-stall", async () => answer = await ask(report, state.Fault.Stopping), state.Fault.Stopping);
        state.Step = "pass";
        var calledOff = answer == StallAnswer.Switch && PrecopyPolicy.WouldBeCalledOff(decision.Forecast, hardLimit);
        var verdict = answer switch
        {
            StallAnswer.Switch when calledOff => PrecopyVerdict.Continue,
            StallAnswer.Switch => PrecopyVerdict.Force,
            StallAnswer.Abort => PrecopyVerdict.GiveUp,
            _ => PrecopyVerdict.Continue,
        };
        return decision with { Verdict = verdict, Reason = $"{decision.Reason}; asked, the embedder said {answer.ToString().ToLowerInvariant()}{(calledOff ? ", which would only be called off" : "")}" };
    }
}
