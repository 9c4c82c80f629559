using DataPlane.Core.Dirty;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Memory;

namespace DataPlane.Native.Dirty;

/// <summary>A <c>dp_dirty</c>: one way of finding written pages, for one migration at a time. Owns its source.</summary>
internal sealed class DirtyTracker : NativeObject
{
    private readonly GuestRam _ram;
    private int _migrating;

    public DirtyTracker(GuestRam ram, Func<Core.Memory.GuestMemory, IDirtySource> make)
        : base(HandleKind.Dirty)
    {
        _ram = ram;
        ram.Use();
        try
        {
            Source = make(ram.Blocks);
        }
        catch
        {
            ram.Unuse();
            throw;
        }
    }

    public IDirtySource Source { get; }

    public void BeginMigration(GuestRam ram)
    {
        if (ram != _ram) throw NativeException.Argument("A dp_dirty was made from another dp_memory than the one that migrates.");
        if (Interlocked.Exchange(ref _migrating, 1) != 0) throw new NativeException(DpError.Busy, "A dp_dirty serves another migration: destroy that dp_migration first.");
        Use();
    }

    public void EndMigration()
    {
        _ = Interlocked.Exchange(ref _migrating, 0);
        Unuse();
    }

    public override void Destroy()
    {
        RefuseWhileUsed("The dp_dirty");
        Source.Dispose();
        _ram.Unuse();
    }
}
