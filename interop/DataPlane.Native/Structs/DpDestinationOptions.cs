namespace DataPlane.Native.Structs;

/// <summary><c>dp_destination_options</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpDestinationOptions
{
    public uint StructSize;
    public int Memory;
    public int Populate;
    public uint MaxChannels;
    public long MaxDeviceStateBytes;
    public long HandshakeTimeoutUs;
    public long IdleTimeoutUs;
    public long HandoverTimeoutUs;
    public long RetainUs;
    public byte* Congestion;
    public uint Reserved;
    public uint CoreCount;
    public int* Cores;
    public byte* ThreadPrefix;
    public byte* Journal;
    public int JournalSync;
    public int Reserved2;
    public byte* ArbiterFolder;
    public DpArbiter* Arbiter;
    public delegate* unmanaged<void*, byte*, void> Log;
    public void* LogOpaque;
    public long AcceptTimeoutUs;

    /// <summary>Bytes of the first one that was given out.</summary>
    public static int First => sizeof(DpDestinationOptions) - sizeof(long);
}
