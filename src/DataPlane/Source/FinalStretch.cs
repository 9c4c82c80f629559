namespace DataPlane.Source;

/// <summary>
/// The stretch of the stream with the guest stopped, as it goes on: times in nanoseconds. What it achieved is its bytes over the time in which
/// there were any to send; while the host was still saving and all pages were gone, there were none.
/// </summary>
internal sealed record FinalStretch(long Started, long WireBytesBefore, long AcknowledgedBefore)
{
    // Less is over before it has shown a rate: 4 MiB are 34 ms at 1 Gbit/s and 3 ms at 10.
    private const long LeastBytes = 4 << 20;

    /// <summary>When the last page was handed to the sockets; 0 before.</summary>
    public long PagesGone { get; set; }

    /// <summary>When the device state was there to be sent; 0 before.</summary>
    public long StateReady { get; set; }

    /// <summary>Bytes per second of <paramref name="wireBytes"/> (all up to the end) placed at <paramref name="placed"/>.</summary>
    public double? Achieved(long wireBytes, long placed)
    {
        var idle = PagesGone > 0 && StateReady > PagesGone ? StateReady - PagesGone : 0;
        var time = placed - Started - idle;
        return time > 0 ? (wireBytes - WireBytesBefore) / (time / 1e9) : null;
    }

    /// <summary>What had been acknowledged when it was called off; null where that is too little to tell.</summary>
    public double? AchievedBeforeAbort(long acknowledgedBytes, long lastAcknowledged)
    {
        var bytes = acknowledgedBytes - AcknowledgedBefore;
        return bytes >= LeastBytes && lastAcknowledged > Started ? bytes / ((lastAcknowledged - Started) / 1e9) : null;
    }

    /// <summary>Whether <paramref name="wireBytes"/> in all are enough to judge a declaration by.</summary>
    public bool IsTelling(long wireBytes) => wireBytes - WireBytesBefore >= LeastBytes;
}
