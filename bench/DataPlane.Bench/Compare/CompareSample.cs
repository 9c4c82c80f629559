namespace DataPlane.Bench.Compare;

/// <summary>One run of one contender.</summary>
/// <param name="BytesPerSecond">Guest memory (or, for iperf3, payload) per second.</param>
internal sealed record CompareSample(double BytesPerSecond)
{
    /// <summary>CPU-seconds per GB (1e9 bytes) of guest memory; null where not told.</summary>
    public double? SourceCpu { get; init; }

    /// <inheritdoc cref="SourceCpu"/>
    public double? DestinationCpu { get; init; }

    /// <summary>Guest memory per second while the guest ran: without what comes before the first pass and after the stop; null where not told.</summary>
    public double? PassBytesPerSecond { get; init; }

    /// <summary>Bytes on the wire for a byte of memory; null where not told.</summary>
    public double? WireShare { get; init; }

    /// <summary>Rate of the last pass over that of the passes before; null where not told.</summary>
    public double? FinalShare { get; init; }

    /// <summary>Managed bytes allocated between the first and the last pass; null where not told.</summary>
    public double? Allocated { get; init; }

    /// <summary>Garbage collections of the source's process between the first pass and the stop of the guest; null where not told.</summary>
    public double? Collections { get; init; }
}
