using System.Numerics;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Pages;

/// <summary>
/// CRC32C of pages as it travels with them. It finds every flip of up to five bits in a page, and every burst of up to 32; it does not
/// resist an attacker.
/// </summary>
/// <remarks>
/// The instruction takes three cycles and can begin in each one, so a page alone leaves two thirds of them unused. Four pages side by side
/// fill them, and unlike parts of one page they need not be joined at the end.
/// </remarks>
internal static unsafe class PageCrc
{
    private const int WordsPerPage = PageSize / sizeof(ulong);

    /// <summary>The CRC32C of the 4096 bytes at <paramref name="page"/>.</summary>
    public static uint Of(byte* page) => Crc32c.Of(new ReadOnlySpan<byte>(page, PageSize));

    /// <summary>Writes the CRC of each page of <paramref name="pages"/>, ascending, to <paramref name="sums"/>, which has room for them.</summary>
    public static void OfStripe(RamBlock block, int stripe, ReadOnlySpan<ulong> pages, uint* sums)
    {
        var four = stackalloc byte*[4];
        var held = 0;
        for (var page = 0; PageMask.NextRun(pages, page, out var start, out var count); page = start + count)
        {
            var memory = GuestMemory.Pages(block, stripe, start, count);
            for (var end = memory + ((long)count << PageShift); memory < end; memory += PageSize)
            {
                four[held++] = memory;
                if (held < 4) continue;
                Four(four, sums);
                sums += held;
                held = 0;
            }
        }
        Rest(four, held, sums);
    }

    /// <summary>Writes the CRC of each of the <paramref name="count"/> pages that lie at <paramref name="pages"/> to <paramref name="sums"/>.</summary>
    public static void OfRow(byte* pages, int count, uint* sums)
    {
        var four = stackalloc byte*[4];
        for (; count >= 4; count -= 4, sums += 4)
        {
            for (var i = 0; i < 4; i++, pages += PageSize) four[i] = pages;
            Four(four, sums);
        }
        for (var i = 0; i < count; i++, pages += PageSize) four[i] = pages;
        Rest(four, count, sums);
    }

    private static void Four(byte** pages, uint* sums)
    {
        ulong* one = (ulong*)pages[0], two = (ulong*)pages[1], three = (ulong*)pages[2], four = (ulong*)pages[3];
        uint a = uint.MaxValue, b = uint.MaxValue, c = uint.MaxValue, d = uint.MaxValue;
        for (var i = 0; i < WordsPerPage; i++)
        {
            a = BitOperations.Crc32C(a, one[i]);
            b = BitOperations.Crc32C(b, two[i]);
            c = BitOperations.Crc32C(c, three[i]);
            d = BitOperations.Crc32C(d, four[i]);
        }
        (sums[0], sums[1], sums[2], sums[3]) = (~a, ~b, ~c, ~d);
    }

    // Two or three pages take less time as four, with one of them summed again, than one after another; one alone is faster so.
    private static void Rest(byte** pages, int count, uint* sums)
    {
        if (count == 1) *sums = Of(pages[0]);
        if (count < 2) return;
        for (var i = count; i < 4; i++) pages[i] = pages[0];
        var all = stackalloc uint[4];
        Four(pages, all);
        for (var i = 0; i < count; i++) sums[i] = all[i];
    }
}
