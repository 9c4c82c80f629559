namespace DataPlane.Native.Structs;

/// <summary><c>dp_source_update</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpSourceUpdate
{
    public uint StructSize;
    public int OnTimeout;
    public long DowntimeLimitUs;
    public long AvailSwitchoverBytesPerSecond;
    public long TimeoutUs;
    public int OnStall;
    public int Probe;
    public int PauseBeforeSwitchover;
    public int Reserved;
}
