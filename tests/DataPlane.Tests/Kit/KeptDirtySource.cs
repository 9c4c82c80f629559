using DataPlane.Core.Dirty;

namespace DataPlane.Tests.Kit;

/// <summary>
/// A dirty source that goes on tracking when the migration stops it, until it is disposed: what the guest writes after a failed migration
/// can be added to what that migration left unsent, and the two memories compared at any later time.
/// </summary>
internal sealed class KeptDirtySource(IDirtySource inner) : IDirtySource
{
    private bool _disposed;

    public string Name => inner.Name;

    /// <summary>Whether the migration came as far as to begin tracking.</summary>
    public bool Started { get; private set; }

    public void Start()
    {
        inner.Start();
        Started = true;
    }

    public long Sync(DirtyBitmap into) => inner.Sync(into);

    public void Reprotect(int stripe) => inner.Reprotect(stripe);

    public void Restore(DirtyBitmap into) => inner.Restore(into);

    public void Stop()
    {
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        inner.Stop();
        inner.Dispose();
    }
}
