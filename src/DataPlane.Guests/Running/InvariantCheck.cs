using DataPlane.Guests.Memory;
using DataPlane.Guests.Writing;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Running;

/// <summary>Sums the pages' counters of a stopped guest and compares them with what the writers counted.</summary>
internal static unsafe class InvariantCheck
{
    private const long PagesPerTask = 1 << 16;

    public static InvariantReport Run(GuestRam ram, WriterBlock[] writers)
    {
        var holds = true;
        long sum = 0, count = 0;
        foreach (var writer in writers)
        {
            var pages = Sum(ram, (long)writer.FirstPage, (long)writer.Pages);
            holds &= pages - (long)writer.Count is 0 or 1;
            sum += pages;
            count += (long)writer.Count;
        }
        return new InvariantReport(holds, sum, count, writers.Length);
    }

    private static long Sum(GuestRam ram, long first, long count)
    {
        long total = 0;
        Parallel.For(0, (count + PagesPerTask - 1) / PagesPerTask, task =>
        {
            var from = first + (task * PagesPerTask);
            Interlocked.Add(ref total, SumRange(ram, from, Math.Min(from + PagesPerTask, first + count)));
        });
        return total;
    }

    private static long SumRange(GuestRam ram, long page, long end)
    {
        long sum = 0;
        for (; DataRanges.Next(ram, page, end, out var first, out var after); page = after)
        {
            var pages = ram.Pages(first, after - first);
            for (long i = 0; i < after - first; i++)
                sum += *(long*)(pages + (i << PageShift));
        }
        return sum;
    }
}
