namespace DataPlane.Native.Structs;

/// <summary><c>dp_arbiter</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpArbiter
{
    public uint StructSize;
    public uint Reserved;
    public byte* Id;
    public void* Opaque;
    public delegate* unmanaged<void*, DpClaim*, int> Decide;
}
