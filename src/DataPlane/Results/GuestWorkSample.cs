namespace DataPlane.Results;

/// <summary>The guest's own work over a bit of time.</summary>
/// <param name="AtMs">When that bit ended, milliseconds from the migration's beginning; negative before it.</param>
/// <param name="MillisecondsPerGigabyte">How long it took for 10^9 bytes of pages written; null where nothing was written.</param>
public sealed record GuestWorkSample(double AtMs, double? MillisecondsPerGigabyte);
