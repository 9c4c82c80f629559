using DataPlane.Results;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Work;

/// <summary>Makes the report of a migration out of what was read of its guest on both sides of one host.</summary>
public static class GuestWorkAccount
{
    /// <summary>A shorter bit is counted, but is no sample of its own: a batch of writes more or less would be much of it.</summary>
    private const long ShortestSample = 20_000_000;

    /// <summary>The report; null where nothing of it is known.</summary>
    /// <param name="source">Read at the source; null where that is another program's.</param>
    /// <param name="destination">Read at the destination; null where the guest did not come there, or that is another program's.</param>
    public static GuestWorkReport? Of(GuestWorkLog? source, GuestWorkLog? destination)
    {
        if ((source?.Began ?? destination?.Began) is not { } began) return null;
        var left = Stretches(source).ToList();
        var here = Stretches(destination).ToList();
        var before = Rate(left.Where(stretch => stretch.End <= began));
        var during = Rate(left.Where(stretch => stretch.End > began));
        return new GuestWorkReport
        {
            BeforeMillisecondsPerGigabyte = before,
            DuringMillisecondsPerGigabyte = during,
            AfterMillisecondsPerGigabyte = Rate(here),
            SlowdownPercent = 100 * (during - before) / before,
            Samples =
            [
                .. left.Concat(here).Where(stretch => stretch.End - stretch.Start >= ShortestSample)
                    .Select(stretch => new GuestWorkSample((stretch.End - began) / 1e6, Rate([stretch]))),
            ],
        };
    }

    private static IEnumerable<(long Start, long End, long Writes)> Stretches(GuestWorkLog? log)
    {
        if (log is null) yield break;
        foreach (var (first, second) in log.Points.Zip(log.Points.Skip(1)))
            if (second.Joined && second.Nanoseconds > first.Nanoseconds)
                yield return (first.Nanoseconds, second.Nanoseconds, second.Writes - first.Writes);
    }

    private static double? Rate(IEnumerable<(long Start, long End, long Writes)> stretches)
    {
        long nanoseconds = 0, writes = 0;
        foreach (var (start, end, count) in stretches) (nanoseconds, writes) = (nanoseconds + (end - start), writes + count);
        return writes > 0 ? nanoseconds / 1e6 / (writes * (double)PageSize / 1e9) : null;
    }
}
