namespace DataPlane.Native.Structs;

/// <summary><c>dp_step</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpStep
{
    public uint StructSize;
    public int Cancelled;
    public long DeadlineNs;
    public long GuestMomentNs;
    public byte* Reason;
}
