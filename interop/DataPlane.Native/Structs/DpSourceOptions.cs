namespace DataPlane.Native.Structs;

/// <summary><c>dp_source_options</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpSourceOptions
{
    public uint StructSize;
    public uint Channels;
    public int Compression;
    public uint CompressThreads;
    public int Integrity;
    public int Verify;
    public long DowntimeLimitUs;
    public long SwitchoverLimitUs;
    public long AvailSwitchoverBytesPerSecond;
    public long MaxBytesPerSecond;
    public long TimeoutUs;
    public int OnTimeout;
    public int OnStall;
    public int Probe;
    public int PauseBeforeSwitchover;
    public int DescribeDeviceState;
    public uint Retries;
    public long RetainUs;
    public long ConnectTimeoutUs;
    public long HandshakeTimeoutUs;
    public long IdleTimeoutUs;
    public long HandoverTimeoutUs;
    public byte* Congestion;
    public byte** LocalAddresses;
    public uint LocalAddressCount;
    public uint CoreCount;
    public int* Cores;
    public byte* ThreadPrefix;
    public byte* Journal;
    public int JournalSync;
    public int Reserved;
    public byte* ArbiterFolder;
    public DpArbiter* Arbiter;
    public nint Costs;
    public delegate* unmanaged<void*, byte*, void> Log;
    public void* LogOpaque;
}
