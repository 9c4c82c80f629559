using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Control.Timeline;

/// <summary>Looks for times of the destination that can not be.</summary>
internal static class Contradictions
{
    private static readonly BlackoutMoment[] Order = [SwitchoverHeard, Placed, Loaded, CommitHeard, Arbitrated, Taken, FirstInstruction, Announced];

    /// <summary>A sentence for the user; null when nothing is wrong. Where it comes early (fences may arrive before SWITCHOVER) says nothing.</summary>
    public static string? Find(BlackoutTimes times, ClockFit clock)
    {
        var why = OutOfOrder(times) ?? LoadOutOfOrder(times)
            ?? (clock.Contradicted ? "they do not fit between the messages that they came with" : null);
        return why is null ? null
            : $"The destination's times contradict each other or its clock: {why}. The account of the blackout shows its steps where they can have been; their lengths are not to be trusted.";
    }

    private static string? OutOfOrder(BlackoutTimes times)
    {
        BlackoutMoment? before = null;
        foreach (var moment in Order)
        {
            if (times[moment] is not { } at) continue;
            if (!ClockBound.CanBe(at)) return $"{moment} at {at} ns is no time";
            if (before is { } earlier && (earlier, moment) != (SwitchoverHeard, Placed) && times[earlier] > at) return $"{moment} comes before {earlier}";
            before = moment;
        }
        return null;
    }

    private static string? LoadOutOfOrder(BlackoutTimes times)
    {
        foreach (var stage in times.Stages)
            if (stage.Kind == BlackoutStageKind.LoadState
                && (!ClockBound.CanBe(stage.Start) || !ClockBound.CanBe(stage.End) || stage.Start > stage.End || stage.End > times[Loaded]))
                return $"device section {stage.Section} was loaded from {stage.Start} to {stage.End} ns";
        return null;
    }
}
