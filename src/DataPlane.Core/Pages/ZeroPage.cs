using System.Numerics;
using System.Runtime.Intrinsics;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Pages;

/// <summary>
/// Tells pages that hold only zeros. May look at live guest memory: a write during or after the look sets the page's dirty bit
/// again, and the page is sent again.
/// </summary>
public static unsafe class ZeroPage
{
    /// <summary>Whether the 4096 bytes at <paramref name="page"/> (aligned to a page) are all zero.</summary>
    public static bool IsZero(byte* page) =>
        Vector512.IsHardwareAccelerated ? IsZero512(page)
        : Vector256.IsHardwareAccelerated ? IsZero256(page)
        : IsZeroScalar(page);

    /// <summary>
    /// Of the pages in <paramref name="claimed"/> of the stripe at <paramref name="stripe"/>, sets the bits of those that are zero
    /// in <paramref name="zero"/> (both eight words). Returns how many are zero.
    /// </summary>
    public static int Find(byte* stripe, ReadOnlySpan<ulong> claimed, Span<ulong> zero)
    {
        var count = 0;
        for (var word = 0; word < WordsPerStripe; word++)
        {
            ulong found = 0;
            for (var bits = claimed[word]; bits != 0; bits &= bits - 1)
            {
                var page = (word << 6) + BitOperations.TrailingZeroCount(bits);
                if (IsZero(stripe + ((long)page << PageShift)))
                    found |= bits & (~bits + 1);
            }
            zero[word] = found;
            count += BitOperations.PopCount(found);
        }
        return count;
    }

    // Each step ORs four vectors before it branches: one test per 256 or 128 bytes. The first word alone settles most pages with data.
    internal static bool IsZero512(byte* page)
    {
        if (*(ulong*)page != 0) return false;
        for (var offset = 0; offset < PageSize; offset += 256)
        {
            var any = Vector512.Load(page + offset) | Vector512.Load(page + offset + 64)
                | Vector512.Load(page + offset + 128) | Vector512.Load(page + offset + 192);
            if (any != Vector512<byte>.Zero) return false;
        }
        return true;
    }

    internal static bool IsZero256(byte* page)
    {
        if (*(ulong*)page != 0) return false;
        for (var offset = 0; offset < PageSize; offset += 128)
        {
            var any = Vector256.Load(page + offset) | Vector256.Load(page + offset + 32)
                | Vector256.Load(page + offset + 64) | Vector256.Load(page + offset + 96);
            if (any != Vector256<byte>.Zero) return false;
        }
        return true;
    }

    internal static bool IsZeroScalar(byte* page)
    {
        var words = (ulong*)page;
        for (var i = 0; i < PageSize / sizeof(ulong); i += 8)
        {
            var any = words[i] | words[i + 1] | words[i + 2] | words[i + 3]
                | words[i + 4] | words[i + 5] | words[i + 6] | words[i + 7];
            if (any != 0) return false;
        }
        return true;
    }
}
