using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Memory;

/// <summary>A <c>dp_memory</c>: blocks that can be added and removed while nothing uses them, and where marks of them go.</summary>
internal sealed unsafe class GuestRam() : NativeObject(HandleKind.Memory)
{
    private readonly List<Entry> _blocks = [];
    private GuestMemory? _frozen;
    private bool _migrating;
    private volatile IMarkTarget? _marks;
    private int _marking;

    /// <summary>The blocks as the library sees them. The caller has called <see cref="NativeObject.Use"/>, so that they stay.</summary>
    public GuestMemory Blocks
    {
        get
        {
            lock (_blocks) return _frozen ??= new GuestMemory(_blocks.Select(entry => entry.Info));
        }
    }

    public void Add(in DpBlock block)
    {
        RefuseChange(); // Whatever the block is like.
        StructCopy.Zero(block.Reserved, "dp_block");
        var name = NativeText.Need(block.Name, "The block's name");
        if (block.Length > long.MaxValue || block.FdOffset > long.MaxValue) throw NativeException.Argument($"Block '{name}': {block.Length} bytes from {block.FdOffset} on are more than there can be.");
        if (block.BackingPageSize > int.MaxValue) throw NativeException.Argument($"Block '{name}': backing page size {block.BackingPageSize} is not a power of two from 4096 up.");
        if (block.HostAddress == null && block.Fd < 0) throw NativeException.Argument($"Block '{name}' has neither a host address nor a descriptor.");
        var wanted = new RamBlockInfo(name, (nint)block.HostAddress, (long)block.Length, block.GuestAddress, (int)block.BackingPageSize, block.Fd, (long)block.FdOffset)
        {
            Discarded = block.Discarded == null ? null : new DiscardMap(block.Discarded, (long)(block.Length / PageGeometry.PageSize)),
        };
        lock (_blocks)
        {
            RefuseChange();
            HeldDescriptor? held = null;
            try
            {
                if (block.HostAddress == null)
                {
                    CheckAlone(wanted with { HostAddress = PageGeometry.PageSize });
                    held = HeldDescriptor.Map(block.Fd, wanted.FdOffset, wanted.Length);
                    wanted = wanted with { HostAddress = held.Address };
                }
                else if (block.Fd >= 0)
                {
                    held = HeldDescriptor.Duplicate(block.Fd);
                }
                wanted = wanted with { Fd = held?.Fd ?? -1 };
                CheckWithOthers(wanted);
                if (MappedMemory.WhyNot(wanted) is { } fault) throw NativeException.Argument(fault);
            }
            catch
            {
                held?.Dispose();
                throw;
            }
            _blocks.Add(new Entry(wanted, held));
            _frozen = null;
        }
    }

    public void Remove(string name)
    {
        lock (_blocks)
        {
            RefuseChange();
            var entry = Find(name);
            entry.Held?.Dispose();
            _ = _blocks.Remove(entry);
            _frozen = null;
        }
    }

    public nint AddressOf(string name)
    {
        lock (_blocks) return Find(name).Info.HostAddress;
    }

    /// <summary>For one migration at a time.</summary>
    public void BeginMigration()
    {
        lock (_blocks)
        {
            if (_blocks.Count == 0) throw NativeException.Argument("The memory has no blocks yet.");
            if (_migrating) throw new NativeException(DpError.Busy, "This memory takes part in a migration already: destroy that dp_migration first.");
            _migrating = true;
            Use();
        }
    }

    public void EndMigration()
    {
        lock (_blocks)
        {
            _migrating = false;
            Unuse();
        }
    }

    /// <summary>Where marks go from now on; null: nowhere. Returns when nobody marks in the one before any more: it may be given back.</summary>
    public void SendMarksTo(IMarkTarget? target)
    {
        _marks = target;
        Interlocked.MemoryBarrier(); // Against a thread that has counted itself in and read the target before: either it is seen here, or it sees this.
        for (var spin = default(SpinWait); Volatile.Read(ref _marking) != 0;) spin.SpinOnce();
    }

    /// <summary>Any thread; allocates nothing where all is well.</summary>
    public void Mark(ulong guestAddress, ulong length)
    {
        if (length == 0) return;
        if (length > ulong.MaxValue - guestAddress) throw Outside(guestAddress, length);
        Interlocked.Increment(ref _marking);
        try
        {
            if (_marks is { } marks) Mark(marks, guestAddress, length);
        }
        finally
        {
            Interlocked.Decrement(ref _marking);
        }
    }

    private static void Mark(IMarkTarget marks, ulong guestAddress, ulong length)
    {
        for (var end = guestAddress + length; guestAddress < end;)
        {
            var block = marks.Memory.Blocks.Count == 1 ? marks.Memory.Blocks[0] : Holding(marks.Memory, guestAddress);
            var first = block?.Info.GuestAddress ?? 0;
            if (block is null || guestAddress < first || guestAddress - first >= (ulong)block.Info.Length) throw Outside(guestAddress, end - guestAddress);
            var here = Math.Min(end - guestAddress, (ulong)block.Info.Length - (guestAddress - first));
            marks.Mark(block, (long)(guestAddress - first), (long)here);
            guestAddress += here;
        }
    }

    public override void Destroy()
    {
        lock (_blocks)
        {
            RefuseWhileUsed("The memory");
            foreach (var entry in _blocks) entry.Held?.Dispose();
            _blocks.Clear();
        }
    }

    private static RamBlock? Holding(GuestMemory memory, ulong guestAddress)
    {
        foreach (var block in memory.Blocks)
            if (guestAddress >= block.Info.GuestAddress && guestAddress - block.Info.GuestAddress < (ulong)block.Info.Length)
                return block;
        return null;
    }

    private static NativeException Outside(ulong guestAddress, ulong length) =>
        NativeException.Argument($"{length} bytes from guest address 0x{guestAddress:x} on do not lie in the memory's blocks.");

    /// <summary>Faults of the block by itself, before it is mapped.</summary>
    private static void CheckAlone(RamBlockInfo block) => _ = new GuestMemory([block]);

    private void CheckWithOthers(RamBlockInfo block) => _ = new GuestMemory([.. _blocks.Select(entry => entry.Info), block]);

    private void RefuseChange()
    {
        if (IsUsed)
            throw new NativeException(DpError.Busy, "RAM is neither added nor removed while a migration, or tracking for one, exists: destroy what was made from this memory first.");
    }

    private Entry Find(string name) =>
        _blocks.Find(entry => entry.Info.Name == name) ?? throw NativeException.Argument($"The memory has no block '{name}'.");

    private sealed record Entry(RamBlockInfo Info, HeldDescriptor? Held);
}
