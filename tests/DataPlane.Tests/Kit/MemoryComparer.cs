using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Kit;

/// <summary>Compares two memories of one layout byte by byte. Holes of memory files count as zeros and are not read.</summary>
internal static unsafe class MemoryComparer
{
    private static readonly byte[] Zeros = new byte[PageSize];

    /// <summary>Every page that differs, as (block number, page in the block).</summary>
    public static List<(int Block, long Page)> Differences(GuestMemory one, GuestMemory other)
    {
        var found = new List<(int, long)>();
        HoleFinder ownHoles = new(one), otherHoles = new(other);
        Span<ulong> own = stackalloc ulong[WordsPerStripe];
        Span<ulong> others = stackalloc ulong[WordsPerStripe];
        foreach (var block in one.Blocks)
            for (var stripe = 0; stripe < block.StripeCount; stripe++)
            {
                var twin = other.Blocks[block.Index];
                _ = ownHoles.DataPages(block, stripe, own);
                _ = otherHoles.DataPages(twin, stripe, others);
                for (var page = 0; page < block.PagesInStripe(stripe); page++)
                    if (!PageOf(block, stripe, page, own).SequenceEqual(PageOf(twin, stripe, page, others)))
                        found.Add((block.Index, ((long)stripe * PagesPerStripe) + page));
            }
        return found;
    }

    private static ReadOnlySpan<byte> PageOf(RamBlock block, int stripe, int page, ReadOnlySpan<ulong> data) =>
        (data[page >> 6] >> (page & 63) & 1) == 0 ? Zeros : new ReadOnlySpan<byte>(GuestMemory.Pages(block, stripe, page, 1), PageSize);
}
