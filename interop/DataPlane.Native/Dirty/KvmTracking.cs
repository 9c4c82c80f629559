using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Kvm;
using DataPlane.Native.Errors;
using DataPlane.Native.Structs;

namespace DataPlane.Native.Dirty;

/// <summary>Tracking on the VMM's own VM, in the way that was asked for.</summary>
internal static unsafe class KvmTracking
{
    private const int Auto = 0, Protect = 1, Log = 2, Ring = 3;

    public static IDirtySource Make(GuestMemory memory, DpKvmOptions options)
    {
        if (options.VmFd < 0) throw NativeException.Argument("dp_kvm_options has no vm_fd.");
        if (options.Kind is < Auto or > Ring) throw NativeException.Argument($"dp_kvm_options.kind is {options.Kind}; accepted: DP_KVM_*.");
        if (options.SlotCount is 0 or > GuestMemory.MaxBlocks) throw NativeException.Argument($"{options.SlotCount} slots are named; accepted: 1 to {GuestMemory.MaxBlocks}.");
        var slots = new KvmMemorySlot[options.SlotCount];
        for (uint i = 0; i < options.SlotCount; i++) slots[i] = Slot(memory, StructCopy.ReadElement<DpKvmSlot>(options.Slots, i, "dp_kvm_slot"));
        switch (options.Kind)
        {
            case Protect:
                return KvmDirtyLog.Missing(options.VmFd) is { } missing ? throw new KvmException(missing) : new KvmDirtyLog(options.VmFd, memory, slots);
            case Log:
                return new KvmAutomaticDirtyLog(options.VmFd, memory, slots);
            case Ring:
                return Rings(memory, options, slots);
            default:
                return KvmDirtyLog.Missing(options.VmFd) is null ? new KvmDirtyLog(options.VmFd, memory, slots) : new KvmAutomaticDirtyLog(options.VmFd, memory, slots);
        }
    }

    private static KvmDirtyRing Rings(GuestMemory memory, DpKvmOptions options, KvmMemorySlot[] slots)
    {
        if (options.VcpuFds == null || options.VcpuCount is 0 or > 4096) throw NativeException.Argument($"{options.VcpuCount} vCPUs are named; dirty rings take all of the VM's, 1 to 4096.");
        if (options.RingEntries is < 1024 or > KvmDirtyRing.DefaultEntries) throw NativeException.Argument($"{options.RingEntries} entries of a ring; accepted: 1024 to {KvmDirtyRing.DefaultEntries}, as given to dp_kvm_enable_ring.");
        return new KvmDirtyRing(options.VmFd, memory, slots, new ReadOnlySpan<int>(options.VcpuFds, (int)options.VcpuCount).ToArray(), (int)options.RingEntries);
    }

    private static KvmMemorySlot Slot(GuestMemory memory, DpKvmSlot slot)
    {
        StructCopy.Zero(slot.Reserved, "dp_kvm_slot");
        var name = NativeText.Need(slot.Block, "A slot's block");
        var block = memory.Blocks.FirstOrDefault(block => block.Info.Name == name) ?? throw NativeException.Argument($"Slot {slot.Slot} holds block '{name}', which the memory does not have.");
        if (slot.OffsetInSlot > long.MaxValue || slot.SlotLength > long.MaxValue) throw NativeException.Argument($"Slot {slot.Slot} is longer than there can be.");
        return new KvmMemorySlot(slot.Slot, block) { OffsetInSlot = (long)slot.OffsetInSlot, SlotLength = (long)slot.SlotLength, OtherFlags = (int)slot.OtherFlags };
    }
}
