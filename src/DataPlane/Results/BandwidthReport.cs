namespace DataPlane.Results;

/// <summary>Rates in bytes per second; null where not known.</summary>
/// <param name="DeclaredBytesPerSecond">What the user declared for the switchover.</param>
/// <param name="LinkLimitedBytesPerSecond">Measured while the link was the limit.</param>
/// <param name="SourceLimitedBytesPerSecond">Measured while something else was.</param>
/// <param name="SwitchoverBytesPerSecond">Achieved with the guest stopped.</param>
/// <param name="ProbeBytesPerSecond">Achieved by the probe.</param>
public sealed record BandwidthReport(
    double? DeclaredBytesPerSecond,
    double? LinkLimitedBytesPerSecond,
    double? SourceLimitedBytesPerSecond,
    double? SwitchoverBytesPerSecond,
    double? ProbeBytesPerSecond)
{
    /// <summary>Age of the last link-limited sample when the migration ended, milliseconds.</summary>
    public double? LinkLimitedAgeMs { get; init; }

    /// <summary>Age of the last source-limited sample when the migration ended, milliseconds.</summary>
    public double? SourceLimitedAgeMs { get; init; }
}
