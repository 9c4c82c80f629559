using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Kvm;

/// <summary>What can be wrong with a list of memory slots, as sentences; all of them at once.</summary>
internal static class KvmSlotFaults
{
    /// <summary>KVM clears its log in units of one word of the bitmap: 64 pages.</summary>
    private const long ClearUnit = 64L * PageSize;

    public static void Throw(GuestMemory memory, IReadOnlyList<KvmMemorySlot> slots)
    {
        var faults = Find(memory, slots);
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(slots));
    }

    private static List<string> Find(GuestMemory memory, IReadOnlyList<KvmMemorySlot> slots)
    {
        var faults = new List<string>();
        foreach (var slot in slots)
        {
            var name = slot.Block.Info.Name;
            if (slot.Block.Index >= memory.Blocks.Count || memory.Blocks[slot.Block.Index] != slot.Block)
                faults.Add($"Slot {slot.Slot}: block '{name}' is not one of this guest memory.");
            if (slot.OffsetInSlot < 0 || slot.OffsetInSlot % ClearUnit != 0)
                faults.Add($"Slot {slot.Slot}: block '{name}' starts at byte {slot.OffsetInSlot} of it, which is not a multiple of {ClearUnit}.");
            if (slot.Bytes < slot.OffsetInSlot + slot.Block.Info.Length || slot.Bytes % PageSize != 0)
                faults.Add($"Slot {slot.Slot}: {slot.Bytes} bytes are not whole pages that hold block '{name}'.");
        }
        foreach (var twin in slots.GroupBy(slot => slot.Slot).Where(group => group.Count() > 1))
            faults.Add($"Slot {twin.Key} is listed {twin.Count()} times; a slot holds one block.");
        foreach (var twin in slots.GroupBy(slot => slot.Block.Index).Where(group => group.Count() > 1))
            faults.Add($"Block '{twin.First().Block.Info.Name}' is listed {twin.Count()} times; a block lies in one slot.");
        return faults;
    }
}
