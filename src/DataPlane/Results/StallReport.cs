namespace DataPlane.Results;

/// <summary>Everything the embedder is told when asked about passes that stall. Rates in bytes per second; null where not known.</summary>
public sealed record StallReport
{
    /// <summary>Number of the pass that has ended.</summary>
    public required int Pass { get; init; }

    /// <summary>Since connect.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How long the whole may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Memory marked and not yet sent.</summary>
    public required long RemainingBytes { get; init; }

    /// <summary>Memory newly dirtied.</summary>
    public required double? DirtyBytesPerSecond { get; init; }

    /// <summary>Towards which the dirty memory grows; null where it has not been seen to level off.</summary>
    public required double? WorkingSetBytes { get; init; }

    /// <summary>The rate that the forecast counts on.</summary>
    public required double? BytesPerSecond { get; init; }

    /// <summary>The blackout, were the guest stopped now.</summary>
    public required DowntimeForecast? Forecast { get; init; }

    /// <summary>The blackout aimed for.</summary>
    public required TimeSpan DowntimeLimit { get; init; }

    /// <summary>Whether passes will never come down to what fits: the guest's working set is more.</summary>
    public required bool Hopeless { get; init; }

    /// <summary>Why the guest was not stopped, as a sentence with the numbers.</summary>
    public required string Reason { get; init; }
}
