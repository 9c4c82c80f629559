namespace DataPlane.Native.Structs;

/// <summary><c>dp_kvm_slot</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpKvmSlot
{
    public uint StructSize;
    public int Slot;
    public byte* Block;
    public ulong OffsetInSlot;
    public ulong SlotLength;
    public uint OtherFlags;
    public uint Reserved;
}
