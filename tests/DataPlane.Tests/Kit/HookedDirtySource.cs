using DataPlane.Core.Dirty;

namespace DataPlane.Tests.Kit;

/// <summary>A dirty source that lets a test act just before each read; the first is number 1.</summary>
internal sealed class HookedDirtySource(IDirtySource inner, Action<int> beforeSync) : IDirtySource
{
    private int _syncs;

    public string Name => inner.Name;

    public void Start() => inner.Start();

    public long Sync(DirtyBitmap into)
    {
        beforeSync(++_syncs);
        return inner.Sync(into);
    }

    public void Reprotect(int stripe) => inner.Reprotect(stripe);

    public void Restore(DirtyBitmap into) => inner.Restore(into);

    public void Stop() => inner.Stop();

    public void Dispose() => inner.Dispose();
}
