namespace DataPlane.Native.Structs;

/// <summary><c>dp_progress</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpProgress
{
    public uint StructSize;
    public int Status;
    public uint Attempt;
    public uint Pass;
    public long ElapsedUs;
    public long TotalBytes;
    public long TransferredBytes;
    public long RemainingBytes;
    public long BytesPerSecond;
    public long DirtyBytesPerSecond;
    public long ExpectedDowntimeUs;
    public long LowDowntimeUs;
    public long HighDowntimeUs;
    public int ThrottlePercent;
    public uint Channels;
}
