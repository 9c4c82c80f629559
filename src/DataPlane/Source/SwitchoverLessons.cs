using DataPlane.Control.Bandwidth;
using DataPlane.Control.Forecast;
using DataPlane.Control.Timeline;

namespace DataPlane.Source;

/// <summary>What a blackout teaches for the next: what its steps took, and whether the bandwidth was what it was said to be.</summary>
internal static class SwitchoverLessons
{
    // Above this the memory's own share hides what the orders to the channels cost.
    private static readonly TimeSpan LittleMemory = TimeSpan.FromMilliseconds(5);

    /// <summary>Once, when the session has ended, however it ended: also where its outcome is in doubt, and settled later.</summary>
    public static void Learn(SourceState state)
    {
        if (BlackoutAccount.Of(state.Blackout, state.Clocks) is not { } account) return;
        state.Warn(account.Contradiction);
        if (state.Final is not { } final) return;
        if (account.LastBytePlaced is { } placed)
            state.SwitchoverBytesPerSecond = final.Achieved(CrewTotals.Of(state.Crew!).WireBytes, placed);
        // One that was called off while it saved tells how long that was allowed, not how long it takes.
        foreach (var stage in account.Stages.Where(stage => stage.Name == "save-state" && state.Blackout.Has(BlackoutMoment.PagesSent)))
            state.Costs.Saved(state.Sections[stage.Section!.Value].Declared.Id, Time(stage));
        if (account.Completed) Completed(state, final, account);
        else CalledOff(state, final);
    }

    private static void Completed(SourceState state, FinalStretch final, BlackoutAccount account)
    {
        var costs = state.Costs;
        var loads = account.Stages.Where(stage => stage.Name == "load-state").ToArray();
        foreach (var load in loads) costs.Loaded(state.Sections[load.Section!.Value].Declared.Id, Time(load));
        var half = state.Return!.RoundTrip.OfLate.Expected / 2;
        costs.AchievedBytesPerSecond = null;
        costs.Stop.Add(Took("stop"));
        if (state.Decision?.Forecast is { } said) costs.Reads.Add(Positive(Took("final-sync") - Foretold(said, "final-sync") + costs.Reads.Estimate.Expected));
        costs.Loading.Add(Positive(Took("load-state") - TimeSpan.FromMicroseconds(loads.Sum(load => load.Duration) / 1e3)));
        costs.Prepared.Add(Positive(Took("prepared") - half));
        costs.Give.Add(Took("give"));
        costs.Commit.Add(Positive(Took("commit") - half));
        costs.Take.Add(Took("take"));
        costs.Resume.Add(Took("resume"));
        if (state.Decision?.Forecast is { Memory: { } memory } forecast && memory < LittleMemory)
        {
            costs.Orders.Add(Positive(Took("final-memory") - Foretold(forecast, "final-memory") + costs.Orders.Estimate.Expected));
            costs.Landing.Add(Positive(Took("drain") - Foretold(forecast, "drain") + costs.Landing.Estimate.Expected));
        }
        if (state.Options.AvailSwitchoverBytesPerSecond is not { } declared) return;
        // The passes may have shown what the little of a short blackout cannot.
        var wire = CrewTotals.Of(state.Crew!).WireBytes;
        if (final.IsTelling(wire)) state.Warn(DeclaredBandwidth.Warning(declared, state.SwitchoverBytesPerSecond, "achieved with the guest stopped"));
        else if (state.Bandwidth.Link.Smoothed is { } link) state.Warn(DeclaredBandwidth.Warning(declared, link, "measured at the link's limit"));
        else state.Warn(DeclaredBandwidth.Warning(declared, state.Bandwidth.Source.Largest, "that the passes reached, limited by something else than the link", atLeast: true));

        TimeSpan Took(string segment) =>
            TimeSpan.FromMicroseconds(account.Segments.Where(each => each.Name == segment).Sum(each => each.Duration) / 1e3);
    }

    /// <summary>It was called off. If bytes were still on their way, what had come through by then is what the link does.</summary>
    private static void CalledOff(SourceState state, FinalStretch final)
    {
        if (!state.Crew!.Channels.Any(channel => channel.Unacknowledged.Added > channel.Unacknowledged.Acknowledged)) return;
        var achieved = final.AchievedBeforeAbort(state.Return!.AcknowledgedBytes, state.Return.LastAcknowledgement);
        var counted = state.Forecast!.Rate;
        if (achieved is null || counted.BytesPerSecond is not { } expected || !DeclaredBandwidth.FellShort(expected, achieved)) return;
        state.Costs.AchievedBytesPerSecond = achieved;
        state.Warn(DeclaredBandwidth.Warning(expected, achieved, "achieved before the switchover was called off; the next attempt counts on that"));
    }

    private static TimeSpan Time(AccountStage stage) => TimeSpan.FromMicroseconds(stage.Duration / 1e3);

    private static TimeSpan Foretold(BlackoutForecast forecast, string part) => forecast.Parts.Single(each => each.Name == part).Time.Expected;

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
