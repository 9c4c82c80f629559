namespace DataPlane.Results;

/// <summary>A look at a running migration. Cheap to take at any time from any thread; the numbers are of the same moment within a few pages.</summary>
public sealed record MigrationProgress
{
    /// <summary>Where it is.</summary>
    public required MigrationStatus Status { get; init; }

    /// <summary>The attempt under way, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The pass under way, from 1; 0 before the first.</summary>
    public required int Pass { get; init; }

    /// <summary>Since connect.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Bytes of guest RAM; 0 before the handshake.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Bytes sent or received on the data channels.</summary>
    public required long TransferredBytes { get; init; }

    /// <summary>Bytes marked and not yet sent; null on the destination.</summary>
    public long? RemainingBytes { get; init; }

    /// <summary>Last measured rate on the wire, bytes per second.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>Last measured rate of newly dirtied memory, bytes per second.</summary>
    public double? DirtyBytesPerSecond { get; init; }

    /// <summary>The blackout, were the guest stopped now; null while nothing is known.</summary>
    public TimeSpan? ExpectedDowntime { get; init; }

    /// <summary>The same in parts, with how far each may be off.</summary>
    public DowntimeForecast? Forecast { get; init; }

    /// <summary>By how much the guest is slowed down, percent.</summary>
    public int CpuThrottlePercentage { get; init; }

    /// <summary>Bytes per data channel.</summary>
    public IReadOnlyList<long> ChannelBytes { get; init; } = [];

    /// <summary>The data channels, with where their time has gone.</summary>
    public IReadOnlyList<ChannelProgress> Channels { get; init; } = [];

    /// <summary>What has bounded the passes so far, in the words of <see cref="MigrationResult.Bottleneck"/>; null while not known, and on the destination.</summary>
    public string? Bottleneck { get; init; }
}
