using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Dirty;

/// <summary>
/// Pages that the embedder marks itself: device back ends, vhost, its own writes, which KVM's log does not see. The rule is
/// write first, mark afterwards: a mark made before the write can be taken and the page read before the write lands.
/// <see cref="Mark"/> may be called from any thread, before, during and after a migration.
/// </summary>
public sealed class ExplicitDirtySource : IDirtySource
{
    private readonly DirtyBitmap _marks;

    /// <summary>A source for <paramref name="memory"/> with nothing marked.</summary>
    public ExplicitDirtySource(GuestMemory memory) => _marks = new DirtyBitmap(memory);

    /// <inheritdoc/>
    public string Name => "explicit";

    /// <summary>Says that <paramref name="length"/> bytes at <paramref name="offset"/> of <paramref name="block"/> have been written.</summary>
    public void Mark(RamBlock block, long offset, long length)
    {
        if (length <= 0) return;
        var first = offset >> PageShift;
        _marks.Set(block, first, ((offset + length - 1) >> PageShift) - first + 1);
    }

    /// <inheritdoc/>
    public void Start()
    {
    }

    /// <inheritdoc/>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        long added = 0;
        var end = _marks.Memory.StripeCount;
        for (var stripe = 0; (stripe = _marks.FirstMarked(stripe, end)) < end; stripe++)
            if (_marks.Claim(stripe, claimed) > 0)
                added += into.Or(stripe, claimed);
        return added;
    }

    /// <summary>Nothing to do: a mark is taken by Sync, always before the page is read.</summary>
    public void Reprotect(int stripe)
    {
    }

    /// <summary>Nothing to do: marks are never held back.</summary>
    public void Restore(DirtyBitmap into)
    {
    }

    /// <inheritdoc/>
    public void Stop()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _marks.Dispose();
}
