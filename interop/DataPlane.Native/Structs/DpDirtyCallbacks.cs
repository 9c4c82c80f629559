namespace DataPlane.Native.Structs;

/// <summary><c>dp_dirty_callbacks</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpDirtyCallbacks
{
    public uint StructSize;
    public uint Reserved;
    public void* Opaque;
    public delegate* unmanaged<void*, int> Start;
    public delegate* unmanaged<void*, uint, ulong*, ulong, int> Sync;
    public delegate* unmanaged<void*, uint, ulong, ulong, int> Reprotect;
    public delegate* unmanaged<void*, int> Stop;
}
