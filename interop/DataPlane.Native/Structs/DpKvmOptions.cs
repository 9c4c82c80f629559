namespace DataPlane.Native.Structs;

/// <summary><c>dp_kvm_options</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpKvmOptions
{
    public uint StructSize;
    public int Kind;
    public int VmFd;
    public uint SlotCount;
    public DpKvmSlot* Slots;
    public int* VcpuFds;
    public uint VcpuCount;
    public uint RingEntries;
}
