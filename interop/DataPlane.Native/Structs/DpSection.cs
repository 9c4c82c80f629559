namespace DataPlane.Native.Structs;

/// <summary><c>dp_section</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpSection
{
    public uint StructSize;
    public int Version;
    public byte* Id;
    public long Size;
    public long SaveTimeUs;
    public long LoadTimeUs;
}
