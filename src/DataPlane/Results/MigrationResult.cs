using System.Text.Json.Serialization;
using DataPlane.Options;

namespace DataPlane.Results;

/// <summary>
/// One migration as it turned out: the result document. Times are milliseconds (with fractions) unless the name says otherwise,
/// sizes bytes. What is not known is null, never invented.
/// </summary>
public sealed record MigrationResult
{
    /// <summary>Name and version of this document's shape.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = "dataplane.migration/1";

    /// <summary>How it ended.</summary>
    public required MigrationStatus Status { get; init; }

    /// <summary>Why it did not complete; null if it did.</summary>
    public ErrorReport? Error { get; init; }

    /// <summary>1 for the first try.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The attempts before, where there were any.</summary>
    public IReadOnlyList<AttemptReport> Attempts { get; init; } = [];

    /// <summary>From connect to RUNNING, without the segment <c>verify</c>.</summary>
    public double? TotalTime { get; init; }

    /// <summary>Connect, handshake, populate: part of the total.</summary>
    public double? SetupTime { get; init; }

    /// <summary>From the guest's last instruction on the source to its first on the destination, without <c>verify</c>.</summary>
    public double? Downtime { get; init; }

    /// <summary>The forecast at the moment of the decision to stop the guest; null where it was not stopped.</summary>
    public double? ExpectedDowntime { get; init; }

    /// <summary>100 * (downtime - expected) / expected.</summary>
    public double? ForecastErrorPercent { get; init; }

    /// <summary>That forecast in parts, named as the segments of the breakdown, with how far each may be off.</summary>
    public DowntimeForecast? Forecast { get; init; }

    /// <summary>The blackout aimed for.</summary>
    public double? DowntimeLimit { get; init; }

    /// <summary>What may be added before an abort.</summary>
    public double? SwitchoverLimit { get; init; }

    /// <summary>By how much the hard limit was missed, microseconds: by the blackout, or by the way back from one that was called off. Null where it was kept, or there is none.</summary>
    public double? LimitExceededUs { get; init; }

    /// <summary>Rates, declared and measured.</summary>
    public BandwidthReport? Bandwidth { get; init; }

    /// <summary>What the user should know though nothing failed, as sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Counts of memory.</summary>
    public RamReport? Ram { get; init; }

    /// <summary>What the guest wrote meanwhile and how much of it was seen; null where whoever runs the guest does not know, and on the destination.</summary>
    public DirtyingReport? Dirtying { get; init; }

    /// <summary>How pages were compressed, and why so; null without compression, and on the destination.</summary>
    public CompressionReport? Compression { get; init; }

    /// <summary>What each pass did.</summary>
    public IReadOnlyList<PassReport> Passes { get; init; } = [];

    /// <summary>
    /// How the passes of the last attempt stood from time to time: every 20 ms at first, less often the longer they go on, some hundred in all. Empty on the destination.
    /// </summary>
    public IReadOnlyList<ProgressSample> Samples { get; init; } = [];

    /// <summary>What each data channel did.</summary>
    public IReadOnlyList<ChannelReport> Channels { get; init; } = [];

    /// <summary>Where the blackout's time went, on both sides.</summary>
    public DowntimeBreakdown? DowntimeBreakdown { get; init; }

    /// <summary>What the device state was made of; null where nobody asked for it, nothing was saved, and on the destination.</summary>
    public IReadOnlyList<DeviceStateDescription>? DeviceStateDescription { get; init; }

    /// <summary>What bounded the passes.</summary>
    public string? Bottleneck { get; init; }

    /// <summary>What checksums covered, as agreed on; null where it did not come to that.</summary>
    public IntegrityMode? Integrity { get; init; }

    /// <summary>Pages that arrived with other contents than their checksum. Null at the source, and where pages carry none.</summary>
    public SuspectPagesReport? SuspectPages { get; init; }

    /// <summary>The comparison before the handover.</summary>
    public VerifyReport? Verify { get; init; }

    /// <summary>What the destination turned away at its door meanwhile; null on the source.</summary>
    public RefusedConnectionsReport? RefusedConnections { get; init; }

    /// <summary>State of the memory on both sides before the stream.</summary>
    public MemoryReport? Memory { get; init; }

    /// <summary>What the guest noticed in its own work; null where nobody looked.</summary>
    public GuestWorkReport? GuestWork { get; init; }

    /// <summary>CPU time of both processes.</summary>
    public CpuReport? Cpu { get; init; }

    /// <summary>Managed bytes allocated in this process between the first and the last pass.</summary>
    public long? AllocatedBytesSteady { get; init; }

    /// <summary>What it ran on and with what.</summary>
    public EnvironmentReport? Environment { get; init; }

    /// <summary>The result document as one JSON object.</summary>
    public string ToJson() => ResultJson.Write(this);
}
