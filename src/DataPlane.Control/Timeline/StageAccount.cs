using DataPlane.Core.Errors;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Control.Timeline;

/// <summary>
/// Puts the stages of a blackout beside its segments. What the destination did is kept inside its segment, which it was part of there: only the
/// clock's error can say otherwise.
/// </summary>
internal static class StageAccount
{
    public static IReadOnlyList<AccountStage> Of(BlackoutTimes times, ClockFit clock, IReadOnlyList<AccountSegment> segments, long start)
    {
        var stages = new List<AccountStage>();
        foreach (var stage in times.Stages)
        {
            var (name, side, segment) = stage.Kind switch
            {
                BlackoutStageKind.SaveState => ("save-state", MigrationSide.Source, "final-memory"),
                BlackoutStageKind.LoadState => ("load-state", MigrationSide.Destination, "load-state"),
                BlackoutStageKind.Release => ("release", MigrationSide.Source, "give"),
                _ => ("acquire", MigrationSide.Source, SegmentTable.Rollback),
            };
            Add(name, stage.Kind is BlackoutStageKind.SaveState or BlackoutStageKind.LoadState ? stage.Section : null, side, segment, stage.Start, stage.End);
        }
        // What lasts from one moment to another needs no times of its own.
        var end = times[GivenUp];
        if (times[Sent] is { } sent && (times[PreparedHeard] ?? end) is { } prepared)
            Add("await-prepared", null, MigrationSide.Source, "drain", sent, prepared);
        if (times[Given] is { } given && (times[RunningHeard] ?? end) is { } running)
            Add("await-running", null, MigrationSide.Source, "commit", given, running);
        if ((times[Arbitrated] ?? times[CommitHeard]) is { } commit && times[Taken] is { } taken)
            Add("acquire", null, MigrationSide.Destination, "take", commit, taken);
        if (times[FirstInstruction] is { } first && times[Announced] is { } announced)
            Add("announce", null, MigrationSide.Destination, "resume", first, announced);
        return [.. stages.OrderBy(stage => stage.Start)];

        void Add(string name, int? section, MigrationSide side, string segment, long from, long to)
        {
            if (segments.Count == 0) return;
            var inside = segments.FirstOrDefault(each => each.Name == segment);
            // It was called off before the source knew of this: then it was part of what it waited for.
            if (inside.Name is null) inside = segments.LastOrDefault(each => each.Name != SegmentTable.Rollback, segments[0]);
            if (side == MigrationSide.Destination)
            {
                from = Math.Clamp(clock.ToSource(from) - start, inside.Start, inside.End);
                var latest = name == "announce" ? (times[AnnouncedHeard] is { } heard ? heard - start : long.MaxValue) : inside.End;
                to = Math.Max(from, Math.Min(clock.ToSource(to) - start, latest));
            }
            else
            {
                from = Math.Max(0, from - start);
                to = Math.Max(from, to - start);
            }
            stages.Add(new AccountStage(name, section, side, inside.Name, from, to - from));
        }
    }
}
