using DataPlane.Core.Errors;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Control.Timeline;

/// <summary>
/// A blackout, completed or called off, cut into segments that tile it, with the stages in them. The source's moments stand; the
/// destination's are moved to the source's clock and kept between those of the source that enclose them, since they can have been nowhere
/// else: what was moved by more than the clock's error is named. Pure.
/// </summary>
internal sealed class BlackoutAccount
{
    private BlackoutAccount(BlackoutTimes times, ClockFit clock, IReadOnlyList<AccountSegment> segments, long start)
    {
        (Segments, Clock, Start) = (segments, clock, start);
        Stages = StageAccount.Of(times, clock, segments, start);
        Completed = times.Has(FirstInstruction);
    }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<AccountSegment> Segments { get; }

    /// <summary>In order of their start.</summary>
    public IReadOnlyList<AccountStage> Stages { get; }

    public ClockFit Clock { get; }

    /// <summary>Time 0 of the account, on the clock of the side that gives it.</summary>
    public long Start { get; }

    /// <summary>Whether the guest runs on the destination; else it was called off, or its end is not known.</summary>
    public bool Completed { get; }

    /// <summary>
    /// The guest's standstill from its first moment to its last, without what does not count as downtime: measured from those two alone, so that
    /// what the segments miss of it shows.
    /// </summary>
    public long Total { get; private init; }

    /// <summary>What <see cref="Total"/> has and the counted segments have not. Nanoseconds; negative where times overlap.</summary>
    public long Unaccounted => Total - Segments.Where(segment => SegmentTable.Counts(segment.Name)).Sum(segment => segment.Duration);

    /// <summary>When the last byte was in place, on the source's clock; null where that is not known. Between the last read of the dirty sources and PREPARED.</summary>
    public long? LastBytePlaced { get; private init; }

    /// <summary>What the destination says of its times and can not be so, as a sentence; null when all fits.</summary>
    public string? Contradiction { get; private init; }

    /// <summary>The account of both sides; null where the guest was not stopped.</summary>
    public static BlackoutAccount? Of(BlackoutTimes times, ClockSync clocks)
    {
        if (times.Began is not { } start) return null;
        var last = times[RunningHeard] ?? times[BackAgain] ?? times[GivenUp] ?? times[Given] ?? start;
        var clock = clocks.Fit(start, Math.Max(start, last), Words(times));
        var segments = SegmentTiles.Lay(SegmentTable.Joined, times, clock, start);
        if (times[BackAgain] is { } back && !times.Has(FirstInstruction))
        {
            var from = segments.Count > 0 ? segments[^1].End : 0;
            segments.Add(new AccountSegment(SegmentTable.Rollback, MigrationSide.Source, from, Math.Max(0, back - start - from)));
        }
        return new BlackoutAccount(times, clock, segments, start)
        {
            Total = TotalOf(times, clock, segments, start),
            LastBytePlaced = times[Synced] is { } synced && times[Placed] is { } placed
                ? Math.Max(synced, Math.Min(clock.ToSource(placed), times[PreparedHeard] ?? last)) : null,
            Contradiction = Contradictions.Find(times, clock),
        };
    }

    /// <summary>The destination's part on its own clock, from SWITCHOVER on; null where that never came.</summary>
    public static BlackoutAccount? OfDestination(BlackoutTimes times)
    {
        if (times[SwitchoverHeard] is not { } start) return null;
        var segments = SegmentTiles.Lay(SegmentTable.OfDestination, times, default, start);
        return new BlackoutAccount(times, default, segments, start) { Total = segments.Sum(segment => segment.Duration) };
    }

    /// <summary>What the handover's messages say of the clocks.</summary>
    private static ClockBound[] Words(BlackoutTimes times)
    {
        var words = new List<ClockBound>();
        if (times[Loaded] is { } loaded && times[PreparedHeard] is { } prepared) words.Add(ClockBound.FromDestination(loaded, prepared));
        if (times[Given] is { } given && times[CommitHeard] is { } commit) words.Add(ClockBound.FromSource(given, commit));
        if (times[FirstInstruction] is { } first && times[RunningHeard] is { } running) words.Add(ClockBound.FromDestination(first, running));
        return [.. words];
    }

    private static long TotalOf(BlackoutTimes times, ClockFit clock, List<AccountSegment> segments, long start)
    {
        var uncounted = segments.Where(segment => !SegmentTable.Counts(segment.Name)).Sum(segment => segment.Duration);
        if (times[FirstInstruction] is not { } first) return (segments.Count > 0 ? segments[^1].End : 0) - uncounted;
        // It can only have run between COMMIT and RUNNING; what the clock's error alone does is left to show.
        var earliest = (times[Given] ?? start) - clock.Error;
        var latest = (times[RunningHeard] ?? long.MaxValue / 2) + clock.Error;
        return Math.Max(0, Math.Clamp(clock.ToSource(first), earliest, Math.Max(earliest, latest)) - start - uncounted);
    }
}
