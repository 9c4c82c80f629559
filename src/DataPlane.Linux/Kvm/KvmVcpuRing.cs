using DataPlane.Core.Dirty;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// One vCPU's ring of written pages, shared with the kernel. Owns the mapping and knows which entry comes next, so it lives as long as
/// the vCPU does. Used under the lock of its <see cref="KvmDirtyRing"/>.
/// </summary>
internal sealed unsafe class KvmVcpuRing : IDisposable
{
    private const long FileOffset = 64 * PageSize; // KVM_DIRTY_LOG_PAGE_OFFSET
    private const uint Dirty = 1;
    private const uint Reset = 2;

    private readonly uint _entries;
    private Entry* _ring;
    private uint _next;

    public KvmVcpuRing(int vcpuFd, int entries)
    {
        _entries = (uint)entries;
        var ring = MemoryNative.Mmap(
            0, (nuint)entries * (nuint)sizeof(Entry), MemoryNative.ProtReadWrite, MemoryNative.MapShared, vcpuFd, FileOffset);
        if (ring == -1) throw LinuxException.Last("mmap of the vCPU's dirty ring");
        _ring = (Entry*)ring;
    }

    /// <summary>
    /// Marks the pages in the ring and leaves its entries for the kernel to protect. Returns how many there were; no more than the ring
    /// holds, as no entry is used again before the kernel has been told to.
    /// </summary>
    public int Harvest(KvmMemorySlot[] slots, DirtyBitmap into)
    {
        var count = 0;
        while (true)
        {
            var entry = _ring + (_next & (_entries - 1));
            // Acquire: slot and offset are read only once the flag shows that the kernel, which sets it last and with release, wrote them.
            if ((Volatile.Read(ref entry->Flags) & Dirty) == 0) return count;
            Mark(slots, into, entry->Slot, (long)entry->Offset);
            // Release: the kernel, which reads the flag with acquire, may overwrite the entry only after it has been read here.
            Volatile.Write(ref entry->Flags, Reset);
            _next++;
            count++;
        }
    }

    public void Dispose()
    {
        if (_ring == null) return;
        _ = MemoryNative.Munmap((nint)_ring, _entries * (nuint)sizeof(Entry));
        _ring = null;
    }

    private static void Mark(KvmMemorySlot[] slots, DirtyBitmap into, int number, long pageInSlot)
    {
        foreach (var slot in slots)
        {
            if (slot.Slot != number) continue;
            var page = pageInSlot - (slot.OffsetInSlot >> PageShift);
            if (page >= 0 && page < slot.Block.PageCount) into.Set(slot.Block, page, 1); // Else beside the block in its slot.
            return;
        }
    }

    /// <summary><c>struct kvm_dirty_gfn</c>; same layout.</summary>
    private struct Entry(uint flags, int slot, ulong offset)
    {
        public uint Flags = flags;
        public readonly int Slot = slot;
        public readonly ulong Offset = offset;
    }
}
