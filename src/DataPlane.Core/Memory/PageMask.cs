using System.Numerics;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Memory;

/// <summary>Arithmetic on the 512 page bits of one stripe, held as eight words; bit i of word w is page 64*w+i.</summary>
public static class PageMask
{
    /// <summary>A word with the lowest <paramref name="count"/> bits set; none below 1, all from 64 up.</summary>
    public static ulong FirstBits(int count) => count <= 0 ? 0 : count >= 64 ? ulong.MaxValue : (1UL << count) - 1;

    /// <summary>How many pages the mask names.</summary>
    public static int Count(ReadOnlySpan<ulong> mask)
    {
        var count = 0;
        foreach (var word in mask)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Adds <paramref name="count"/> pages from page <paramref name="start"/>.</summary>
    public static void SetRun(Span<ulong> mask, int start, int count)
    {
        for (var end = start + count; start < end;)
        {
            var inWord = start & 63;
            var take = Math.Min(64 - inWord, end - start);
            mask[start >> 6] |= FirstBits(take) << inWord;
            start += take;
        }
    }

    /// <summary>Whether the mask names no page.</summary>
    public static bool IsEmpty(ReadOnlySpan<ulong> mask) => !mask.ContainsAnyExcept(0UL);

    /// <summary>
    /// Finds the first run of set bits at or after page <paramref name="from"/>. Returns false when there is none.
    /// A run crosses word borders: contiguous pages are one piece of memory.
    /// </summary>
    public static bool NextRun(ReadOnlySpan<ulong> mask, int from, out int start, out int count)
    {
        start = NextSet(mask, from);
        if (start == PagesPerStripe)
        {
            count = 0;
            return false;
        }
        count = NextClear(mask, start) - start;
        return true;
    }

    private static int NextSet(ReadOnlySpan<ulong> mask, int from)
    {
        if (from >= PagesPerStripe) return PagesPerStripe;
        var word = from >> 6;
        var bits = mask[word] & (ulong.MaxValue << (from & 63));
        while (bits == 0)
        {
            if (++word == WordsPerStripe) return PagesPerStripe;
            bits = mask[word];
        }
        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }

    private static int NextClear(ReadOnlySpan<ulong> mask, int from)
    {
        var word = from >> 6;
        var bits = ~mask[word] & (ulong.MaxValue << (from & 63));
        while (bits == 0)
        {
            if (++word == WordsPerStripe) return PagesPerStripe;
            bits = ~mask[word];
        }
        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }
}
