namespace DataPlane.Results;

/// <summary>How the passes stood at one moment.</summary>
/// <param name="AtMs">Milliseconds since connect.</param>
/// <param name="SentBytes">Sent on the data channels until then.</param>
/// <param name="RemainingBytes">Memory marked and not yet sent.</param>
/// <param name="BandwidthBytesPerSecond">Sent since the sample before it, or since setup, over that time.</param>
/// <param name="DirtyBytesPerSecond">Memory newly dirtied, as measured last; null before the first pass has ended.</param>
/// <param name="ExpectedDowntimeMs">The blackout, had the guest been stopped then; null while nothing was known.</param>
public sealed record ProgressSample(
    double AtMs, long SentBytes, long RemainingBytes, double? BandwidthBytesPerSecond, double? DirtyBytesPerSecond, double? ExpectedDowntimeMs);
