using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Sessions;

/// <summary>The sums of many pages, on all cores. Holes of memory files count as zero pages and are not read: reading would fill them.</summary>
internal static unsafe class PageSums
{
    public static ulong[] Of(RamBlock block, HoleFinder holes, long firstPage, int count, CancellationToken cancel)
    {
        var sums = new ulong[count];
        var firstStripe = (int)(firstPage / PagesPerStripe);
        var endStripe = (int)((firstPage + count + PagesPerStripe - 1) / PagesPerStripe);
        _ = Parallel.For(firstStripe, endStripe, new ParallelOptions { CancellationToken = cancel }, stripe => SumStripe(block, stripe, firstPage, sums, holes));
        return sums;
    }

    private static void SumStripe(RamBlock block, int stripe, long firstPage, ulong[] sums, HoleFinder holes)
    {
        Span<ulong> data = stackalloc ulong[WordsPerStripe];
        _ = holes.DataPages(block, stripe, data);
        for (var page = 0; page < block.PagesInStripe(stripe); page++)
        {
            var index = ((long)stripe * PagesPerStripe) + page - firstPage;
            if (index < 0 || index >= sums.Length) continue;
            var isData = (data[page >> 6] >> (page & 63) & 1) != 0;
            sums[index] = isData ? PageChecksum.Of(GuestMemory.Pages(block, stripe, page, 1)) : PageChecksum.OfZeroPage;
        }
    }
}
