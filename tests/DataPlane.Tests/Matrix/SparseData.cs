using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Matrix;

/// <summary>
/// Data scattered over memory that is otherwise one hole: single pages, pieces across the borders of stripes and blocks, the last page of
/// each block. Leaves the words alone that a guest of ours writes.
/// </summary>
internal static unsafe class SparseData
{
    private const int GuestWords = 257; // A page's counter, and the 256 words that a guest stamps.
    private const long PieceEvery = 64 << 8, PagesOfPiece = 400, SinglePageEvery = 8 << 8; // 64 MiB, 1.6 MiB, 8 MiB.

    /// <summary>Writes all of it; returns how many pages it is.</summary>
    public static long Write(GuestMemory memory)
    {
        var count = 0L;
        ForEach(memory, (words, value) =>
        {
            words.Fill(value);
            count++;
        });
        return count;
    }

    /// <summary>Pages that do not hold what was written to them.</summary>
    public static long Missing(GuestMemory memory)
    {
        var count = 0L;
        ForEach(memory, (words, value) => count += words.ContainsAnyExcept(value) ? 1 : 0);
        return count;
    }

    private static void ForEach(GuestMemory memory, Action<Span<ulong>, ulong> act)
    {
        foreach (var block in memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++)
                if (IsData(block, page))
                    act(
                        new Span<ulong>((byte*)block.Info.HostAddress + (page << PageShift), PageSize / sizeof(ulong))[GuestWords..],
                        (ulong)(block.FirstPage + page + 1) * 0x9E3779B97F4A7C15);
    }

    // The first 2 MiB are a KVM guest's own. A piece begins 300 pages after a border of stripes, and so reaches over the next one; a
    // block's first and last 700 pages are data, so
    // that one block ends and the next begins with data.
    private static bool IsData(RamBlock block, long page) =>
        block.FirstPage + page >= PagesPerStripe
        && (page % PieceEvery is >= 300 and < 300 + PagesOfPiece
            || page % SinglePageEvery == 5
            || page < 700
            || page >= block.PageCount - 700);
}
