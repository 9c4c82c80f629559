using DataPlane.Core.Memory;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// Which of the VM's memory slots holds which RAM block. A slot holds one block, as a whole or as a part of the slot.
/// </summary>
/// <param name="Slot">The number given to <c>KVM_SET_USER_MEMORY_REGION</c>, address space in the upper 16 bits.</param>
/// <param name="Block">The block of the migration's memory map that lies in it.</param>
public sealed record KvmMemorySlot(int Slot, RamBlock Block)
{
    /// <summary>
    /// Bytes from the slot's start to the block's, a multiple of 64 pages (256 KiB): KVM clears its log in such units. Default 0.
    /// </summary>
    public long OffsetInSlot { get; init; }

    /// <summary>Bytes in the slot. Default 0: the slot ends with the block.</summary>
    public long SlotLength { get; init; }

    /// <summary>Flags of the slot besides dirty logging, kept when logging goes on and off. Default 0.</summary>
    public int OtherFlags { get; init; }

    internal long Bytes => SlotLength == 0 ? OffsetInSlot + Block.Info.Length : SlotLength;

    /// <summary>Turns KVM's logging of the slot on or off and leaves all else of it as it is.</summary>
    internal void SetLogging(int vmFd, bool on)
    {
        var info = Block.Info;
        var flags = OtherFlags | (on ? KvmMemoryRegion.LogDirtyPages : 0);
        KvmVmCalls.SetRegion(vmFd, new KvmMemoryRegion(
            Slot, flags, info.GuestAddress - (ulong)OffsetInSlot, (ulong)Bytes, (ulong)(info.HostAddress - (nint)OffsetInSlot)));
    }
}
