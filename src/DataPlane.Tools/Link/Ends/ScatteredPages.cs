using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;

namespace DataPlane.Tools.Link;

/// <summary>Marks a number of pages drawn from all of a memory, each with the same chance: what a guest leaves that writes here and there.</summary>
internal static class ScatteredPages
{
    /// <summary>Marks exactly <paramref name="pages"/> of them.</summary>
    public static void Mark(DirtyBitmap bitmap, long pages)
    {
        Span<ulong> mask = stackalloc ulong[PageGeometry.WordsPerStripe];
        var left = bitmap.Memory.PageCount;
        for (var stripe = 0; stripe < bitmap.Memory.StripeCount; stripe++)
        {
            mask.Clear();
            for (var page = 0; page < PageGeometry.PagesPerStripe; page++, left--)
            {
                if (Random.Shared.NextInt64(left) >= pages) continue;
                mask[page >> 6] |= 1UL << (page & 63);
                pages--;
            }
            _ = bitmap.Or(stripe, mask);
        }
    }

    /// <summary>Takes all marks away.</summary>
    public static void Clear(DirtyBitmap bitmap)
    {
        Span<ulong> claimed = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var stripe = 0; stripe < bitmap.Memory.StripeCount; stripe++) _ = bitmap.Claim(stripe, claimed);
    }
}
