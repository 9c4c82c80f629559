using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;

namespace DataPlane.Transport.Sending;

/// <summary>Whole stripes of zeros that a channel met one after another and will tell of in one frame.</summary>
internal struct ZeroRun
{
    public int First;
    public int Count;

    /// <summary>Whether <paramref name="stripe"/> follows; an empty run goes on with any.</summary>
    public readonly bool Continues(int stripe) => Count == 0 || stripe == First + Count;

    /// <summary>Marks all pages of <paramref name="stripe"/> that exist.</summary>
    public static void MarkWhole(DirtyBitmap bitmap, int stripe, Span<ulong> mask)
    {
        var block = bitmap.Memory.BlockOfStripe(stripe);
        GuestMemory.ExistingPages(block, stripe - block.FirstStripe, mask);
        _ = bitmap.Or(stripe, mask);
    }
}
