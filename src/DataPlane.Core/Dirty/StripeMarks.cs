using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Dirty;

/// <summary>
/// Gathers pages of one block that arrive in ascending order, in runs or words, and marks them stripe by stripe: one visit to a
/// stripe's cache line instead of one per run. End with <see cref="Finish"/>.
/// </summary>
internal ref struct StripeMarks
{
    private readonly DirtyBitmap _into;
    private readonly RamBlock _block;
    private readonly Span<ulong> _mask;
    private int _stripe;
    private long _added;

    /// <summary><paramref name="scratch"/> has eight words, which are overwritten.</summary>
    public StripeMarks(DirtyBitmap into, RamBlock block, Span<ulong> scratch)
    {
        _into = into;
        _block = block;
        _mask = scratch;
        _mask.Clear();
    }

    /// <summary>Adds <paramref name="count"/> pages from page <paramref name="page"/> of the block; those beyond it are left out.</summary>
    public void AddRun(long page, long count)
    {
        for (var end = Math.Min(page + count, _block.PageCount); page < end;)
        {
            var inWord = (int)(page & 63);
            var take = (int)Math.Min(64 - inWord, end - page);
            Put(page >> 6, PageMask.FirstBits(take) << inWord);
            page += take;
        }
    }

    /// <summary>Adds the pages of <paramref name="bits"/>, whose first stands for page <paramref name="page"/> of the block. All lie in it.</summary>
    public void AddBits(long page, ulong bits)
    {
        var shift = (int)(page & 63);
        var low = bits << shift;
        var high = shift == 0 ? 0 : bits >> (64 - shift);
        if (low != 0) Put(page >> 6, low);
        if (high != 0) Put((page >> 6) + 1, high);
    }

    /// <summary>Marks what has been gathered. Returns how many of all pages were not marked before.</summary>
    public long Finish()
    {
        if (!PageMask.IsEmpty(_mask)) _added += _into.Or(_block.FirstStripe + _stripe, _mask);
        _mask.Clear();
        return _added;
    }

    private void Put(long word, ulong bits)
    {
        var stripe = (int)(word / WordsPerStripe);
        if (stripe != _stripe)
        {
            _ = Finish();
            _stripe = stripe;
        }
        _mask[(int)(word % WordsPerStripe)] |= bits;
    }
}
