using DataPlane.Core.Errors;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Control.Timeline;

/// <summary>Lays segments end to end.</summary>
internal static class SegmentTiles
{
    /// <summary>
    /// One segment after another from <paramref name="start"/> on, as far as it came. Where it was called off the segment under way ends there.
    /// The destination's moments lie after all that is known to be before them, and not after the next thing the source saw.
    /// </summary>
    public static List<AccountSegment> Lay(SegmentKind[] kinds, BlackoutTimes times, ClockFit clock, long start)
    {
        var calledOff = times.Has(FirstInstruction) ? null : times[GivenUp];
        var segments = new List<AccountSegment>(kinds.Length + 1);
        var last = start;
        for (var i = 0; i < kinds.Length; i++)
        {
            var kind = kinds[i];
            var end = EndOf(kind, times, clock);
            if (end is null && !kind.Always && !times.IsEntered(kind.End)) continue;
            if (end is null && calledOff is null)
            {
                if (times.Has(FirstInstruction)) continue; // A peer that leaves one out: the next takes its time.
                break;
            }
            var latest = Latest(kinds, i, times, calledOff ?? Over(times, clock));
            var to = Math.Max(last, Math.Min(end ?? calledOff!.Value, latest));
            segments.Add(new AccountSegment(kind.Name, kind.Side, last - start, to - last));
            last = to;
            if (end is null) break;
        }
        return segments;
    }

    private static long? EndOf(SegmentKind kind, BlackoutTimes times, ClockFit clock) =>
        times[kind.End] is not { } end ? null : kind.Clock == MigrationSide.Destination ? clock.ToSource(end) : end;

    /// <summary>The guest's first instruction, which lies between COMMIT and RUNNING and bounds what is said to have been before it.</summary>
    private static long Over(BlackoutTimes times, ClockFit clock)
    {
        var latest = times[RunningHeard] ?? long.MaxValue;
        return times[FirstInstruction] is { } first ? Math.Min(latest, Math.Max(times[Given] ?? long.MinValue, clock.ToSource(first))) : latest;
    }

    /// <summary>The next moment of the source's own after segment <paramref name="index"/>; where there is none, the end.</summary>
    private static long Latest(SegmentKind[] kinds, int index, BlackoutTimes times, long end)
    {
        for (var i = index; i < kinds.Length; i++)
            if (kinds[i].Clock == MigrationSide.Source && times[kinds[i].End] is { } own)
                return Math.Min(own, end);
        return end;
    }
}
