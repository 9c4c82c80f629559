using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests;

/// <summary>
/// A dirty source that counts what another one reports on its way to who reads it: the proof that a guest's writes were seen, and of how many pages. Owns the other.
/// </summary>
public sealed class DirtyWitness : IDirtySource
{
    private readonly IDirtySource _source;
    private readonly DirtyBitmap _fresh;
    private readonly DirtyBitmap _seen;
    private long _reported;

    /// <summary>Counts what <paramref name="source"/> reports of <paramref name="memory"/>.</summary>
    public DirtyWitness(IDirtySource source, GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _fresh, _seen) = (source, new DirtyBitmap(memory), new DirtyBitmap(memory));
    }

    /// <inheritdoc/>
    public string Name => _source.Name;

    /// <summary>Pages reported so far, a page as often as it was. For any thread.</summary>
    public long PagesReported => Volatile.Read(ref _reported);

    /// <summary>Pages reported at least once. For any thread, until it is disposed.</summary>
    public long DistinctPages => _seen.Count();

    /// <inheritdoc/>
    public void Start() => _source.Start();

    /// <summary>
    /// Reads the other source into a bitmap of its own first. A page may be protected anew while it stands there; it is handed on all the same, and a write after that is news again.
    /// </summary>
    public long Sync(DirtyBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        _ = _source.Sync(_fresh);
        long added = 0;
        Span<ulong> pages = stackalloc ulong[WordsPerStripe];
        var end = _fresh.Memory.StripeCount;
        for (var stripe = 0; (stripe = _fresh.FirstMarked(stripe, end)) < end; stripe++)
        {
            Volatile.Write(ref _reported, _reported + _fresh.Claim(stripe, pages));
            _ = _seen.Or(stripe, pages);
            added += into.Or(stripe, pages);
        }
        return added;
    }

    /// <inheritdoc/>
    public void Reprotect(int stripe) => _source.Reprotect(stripe);

    /// <inheritdoc/>
    public void Restore(DirtyBitmap into) => _source.Restore(into);

    /// <inheritdoc/>
    public void Stop() => _source.Stop();

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _fresh.Dispose();
        _seen.Dispose();
    }
}
