using DataPlane.Core.Dirty;

namespace DataPlane.Guests.Running;

/// <summary>A source that is the guest's own, as handed to one migration: what that migration disposes, the guest goes on using.</summary>
internal sealed class SharedSource(IDirtySource source) : IDirtySource
{
    public string Name => source.Name;

    public void Start() => source.Start();

    public long Sync(DirtyBitmap into) => source.Sync(into);

    public void Reprotect(int stripe) => source.Reprotect(stripe);

    public void Restore(DirtyBitmap into) => source.Restore(into);

    public void Stop() => source.Stop();

    public void Dispose() => source.Stop();
}
