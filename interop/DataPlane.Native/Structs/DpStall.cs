namespace DataPlane.Native.Structs;

/// <summary><c>dp_stall</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpStall
{
    public uint StructSize;
    public uint Pass;
    public long ElapsedUs;
    public long TimeoutUs;
    public long RemainingBytes;
    public long DirtyBytesPerSecond;
    public long WorkingSetBytes;
    public long BytesPerSecond;
    public long ExpectedDowntimeUs;
    public long LowDowntimeUs;
    public long HighDowntimeUs;
    public long DowntimeLimitUs;
    public int Hopeless;
    public int Reserved;
    public byte* Reason;
}
