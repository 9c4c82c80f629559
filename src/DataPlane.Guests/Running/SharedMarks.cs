using DataPlane.Core.Dirty;

namespace DataPlane.Guests.Running;

/// <summary>The guest's marks as handed to one migration: what that migration disposes, the guest goes on using.</summary>
internal sealed class SharedMarks(ExplicitDirtySource marks) : IDirtySource
{
    public string Name => marks.Name;

    public void Start() => marks.Start();

    public long Sync(DirtyBitmap into) => marks.Sync(into);

    public void Reprotect(int stripe) => marks.Reprotect(stripe);

    public void Restore(DirtyBitmap into) => marks.Restore(into);

    public void Stop() => marks.Stop();

    public void Dispose()
    {
    }
}
