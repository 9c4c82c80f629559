namespace DataPlane.Native.Structs;

/// <summary><c>dp_result</c> of dataplane.h, where each field is explained.</summary>
internal unsafe struct DpResult
{
    public uint StructSize;
    public int Status;
    public int Error;
    public int ErrorSide;
    public uint Attempt;
    public uint Passes;
    public long TotalTimeUs;
    public long SetupTimeUs;
    public long DowntimeUs;
    public long ExpectedDowntimeUs;
    public long LimitExceededUs;
    public long RamBytes;
    public long TransferredBytes;
    public long RemainingBytes;
    public long ZeroPages;
    public long NormalPages;
    public long SwitchoverBytesPerSecond;
    public long VerifiedPages;
    public long MismatchedPages;
    public long DiscardedPages;

    /// <summary>Bytes of the first one that was given out.</summary>
    public static int First => sizeof(DpResult) - sizeof(long);
}
