using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;

namespace DataPlane.Tools.Link;

/// <summary>
/// Stands in for a guest that writes faster than any link: what a channel claims is marked again before it is sent, so a channel goes round and round its
/// stripes and never runs dry. No read of a kernel's log is in the way, which would measure the host and not the link.
/// </summary>
internal sealed class EndlessSource(DirtyBitmap bitmap) : IDirtySource
{
    private readonly ulong[] _all = [.. Enumerable.Repeat(ulong.MaxValue, PageGeometry.WordsPerStripe)];
    private volatile bool _endless;

    public string Name => "endless";

    /// <summary>Whether what is claimed is marked again.</summary>
    public bool IsEndless
    {
        get => _endless;
        set => _endless = value;
    }

    public void Start()
    {
    }

    public long Sync(DirtyBitmap into) => 0;

    public void Reprotect(int stripe)
    {
        if (_endless) _ = bitmap.Or(stripe, _all);
    }

    public void Restore(DirtyBitmap into)
    {
    }

    public void Stop()
    {
    }

    public void Dispose()
    {
    }
}
