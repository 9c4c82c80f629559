namespace DataPlane.Native.Structs;

/// <summary><c>dp_event</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpEvent
{
    public uint StructSize;
    public int Kind;
    public int From;
    public int To;
    public long ElapsedUs;
    public uint Attempt;
    public uint Reserved;
}
