namespace DataPlane.Bench.Choose;

/// <summary>One measurement.</summary>
/// <param name="BytesPerSecond">Memory (or, for iperf3, payload) per second while streaming.</param>
/// <param name="CpuSecondsPerGigabyte">Of both processes; null where not told.</param>
/// <param name="Retransmits">Segments sent again; null where not told.</param>
internal readonly record struct ChoiceSample(double BytesPerSecond, double? CpuSecondsPerGigabyte, long? Retransmits)
{
    /// <summary>Bytes on the wire for a byte of memory; null where not told.</summary>
    public double? WireShare { get; init; }
}
