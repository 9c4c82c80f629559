using DataPlane.Core.Errors;

namespace DataPlane.Telemetry;

/// <summary>What the instruments show of one migration at one moment. Rates in bytes per second; what is not known is null.</summary>
internal sealed record MeterReading(MigrationSide Side)
{
    /// <summary>On the wire, by channel.</summary>
    public IReadOnlyList<long> ChannelBytes { get; init; } = [];

    public long TotalBytes { get; init; }
    public long? RemainingBytes { get; init; }
    public long ZeroPages { get; init; }
    public long NormalPages { get; init; }
    public long CompressedPages { get; init; }
    public long Rounds { get; init; }
    public double? DirtyRate { get; init; }
    public double? Throughput { get; init; }
    public TimeSpan? ExpectedDowntime { get; init; }

    /// <summary>0 to 1.</summary>
    public double? Throttle { get; init; }

    /// <summary>Connections refused, by the reason.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Rejected { get; init; } = [];
}
