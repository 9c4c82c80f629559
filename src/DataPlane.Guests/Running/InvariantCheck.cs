using DataPlane.Guests.Memory;
using DataPlane.Guests.Writing;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Running;

/// <summary>Sums the pages' counters of a stopped guest and compares them with what the writers counted.</summary>
internal static unsafe class InvariantCheck
{
    /// <summary>256 MiB: some 6 ms of reading one word per page, against microseconds to hand a part to another core.</summary>
    private const long PagesPerTask = 1 << 16;

    public static InvariantReport Run(GuestRam ram, WriterBlock[] writers)
    {
        var holds = true;
        long sum = 0, count = 0, same = 0;
        foreach (var writer in writers)
        {
            var pages = Sum(ram, (long)writer.FirstPage, (long)writer.Pages);
            holds &= pages - (long)(writer.Count - writer.Same) is 0 or 1;
            sum += pages;
            count += (long)writer.Count;
            same += (long)writer.Same;
        }
        return new InvariantReport(holds, sum, count, writers.Length) { SameCount = same };
    }

    private static long Sum(GuestRam ram, long first, long count)
    {
        // The stretches are found one after the other: the system walks a stretch to find its end, and would once per part of it.
        long sum = 0;
        for (long page = first, end = first + count; DataRanges.Next(ram, page, end, out var from, out var after); page = after)
            sum += after - from <= PagesPerTask ? SumPages(ram, from, after - from) : SumInParallel(ram, from, after - from);
        return sum;
    }

    private static long SumInParallel(GuestRam ram, long first, long count)
    {
        long total = 0;
        Parallel.For(0, (count + PagesPerTask - 1) / PagesPerTask, task =>
        {
            var from = task * PagesPerTask;
            Interlocked.Add(ref total, SumPages(ram, first + from, Math.Min(PagesPerTask, count - from)));
        });
        return total;
    }

    private static long SumPages(GuestRam ram, long first, long count)
    {
        long sum = 0;
        var pages = ram.Pages(first, count);
        for (long i = 0; i < count; i++)
            sum += *(long*)(pages + (i << PageShift));
        return sum;
    }
}
