namespace DataPlane.Native.Structs;

/// <summary><c>dp_block</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpBlock
{
    public uint StructSize;
    public int Fd;
    public byte* Name;
    public void* HostAddress;
    public ulong Length;
    public ulong GuestAddress;
    public ulong FdOffset;
    public uint BackingPageSize;
    public uint Reserved;
    public ulong* Discarded;

    /// <summary>Bytes of the first one that was given out.</summary>
    public static int First => sizeof(DpBlock) - sizeof(ulong*);
}
