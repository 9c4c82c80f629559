using System.Collections.Immutable;
using System.Numerics;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Traces;

/// <summary>What a trace amounts to.</summary>
public static class TraceFigures
{
    /// <summary>Pages written per second, each once per step; 0 for an empty trace.</summary>
    public static double PagesPerSecond(DirtyTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return trace.Duration > TimeSpan.Zero ? trace.Steps.Sum(step => step.PageCount) / trace.Duration.TotalSeconds : 0;
    }

    /// <summary>Pages that were written at all.</summary>
    public static long DistinctPages(DirtyTrace trace) => WorkingSet(trace, TimeSpan.MaxValue).Largest;

    /// <summary>
    /// The pages written within stretches of <paramref name="window"/>, cut at the ends of steps: on average and at most. A trace that is shorter is one stretch; a rest that is
    /// shorter is left out.
    /// </summary>
    public static (double Mean, long Largest) WorkingSet(DirtyTrace trace, TimeSpan window)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        if (trace.Steps.IsEmpty) return (0, 0);
        var seen = new ulong[(trace.MemoryPages + 63) / 64];
        var (begin, total, largest, windows) = (TimeSpan.Zero, 0L, 0L, 0);
        long count = 0;
        foreach (var step in trace.Steps)
        {
            foreach (var run in step.Pages) count += Mark(seen, run);
            if (step.End - begin < window && (windows > 0 || step.End < trace.Duration)) continue;
            (begin, total, largest, windows, count) = (step.End, total + count, Math.Max(largest, count), windows + 1, 0);
            Array.Clear(seen);
        }
        return ((double)total / windows, largest);
    }

    /// <summary>
    /// The stretches of 2 MiB with most writes, most first: up to <paramref name="most"/> of them, neighbours joined. The count is of pages, a page once for each step that has it.
    /// </summary>
    public static ImmutableArray<(PageRun Range, long Writes)> Hottest(DirtyTrace trace, int most)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var writes = new long[(trace.MemoryPages + PagesPerStripe - 1) / PagesPerStripe];
        foreach (var step in trace.Steps)
            foreach (var run in step.Pages)
                for (var page = run.First; page < run.End;)
                {
                    var next = Math.Min(run.End, ((page / PagesPerStripe) + 1) * PagesPerStripe);
                    writes[page / PagesPerStripe] += next - page;
                    page = next;
                }
        var hot = writes.Select((count, stripe) => (count, stripe)).Where(entry => entry.count > 0)
            .OrderByDescending(entry => entry.count).Take(most).OrderBy(entry => entry.stripe);
        var ranges = new List<(PageRun Range, long Writes)>();
        foreach (var (count, stripe) in hot)
        {
            var first = (long)stripe * PagesPerStripe;
            var range = new PageRun(first, Math.Min(PagesPerStripe, trace.MemoryPages - first));
            if (ranges.Count > 0 && ranges[^1].Range.End == first)
                ranges[^1] = (new PageRun(ranges[^1].Range.First, ranges[^1].Range.Count + range.Count), ranges[^1].Writes + count);
            else ranges.Add((range, count));
        }
        return [.. ranges.OrderByDescending(entry => entry.Writes)];
    }

    private static long Mark(ulong[] seen, PageRun run)
    {
        long added = 0;
        for (var page = run.First; page < run.End;)
        {
            var inWord = (int)(page & 63);
            var take = (int)Math.Min(64 - inWord, run.End - page);
            var bits = Memory.PageMask.FirstBits(take) << inWord;
            added += BitOperations.PopCount(bits & ~seen[page >> 6]);
            seen[page >> 6] |= bits;
            page += take;
        }
        return added;
    }
}
