namespace DataPlane.Results;

/// <summary>
/// What the guest noticed in its own work: how long it took for 10^9 bytes of pages written, before the migration, during it and after it. The time
/// in which it stood still is in none of them. Null where it is not known, or where it wrote nothing. Filled in by who made the guest, never by the library.
/// </summary>
public sealed record GuestWorkReport
{
    /// <summary>At the source, before the migration began.</summary>
    public double? BeforeMillisecondsPerGigabyte { get; init; }

    /// <summary>At the source, from the migration's beginning until the guest was stopped, or until the migration had failed.</summary>
    public double? DuringMillisecondsPerGigabyte { get; init; }

    /// <summary>At the destination.</summary>
    public double? AfterMillisecondsPerGigabyte { get; init; }

    /// <summary>100 * (during - before) / before.</summary>
    public double? SlowdownPercent { get; init; }

    /// <summary>The same about every 100 ms, and less often where that would be thousands.</summary>
    public IReadOnlyList<GuestWorkSample> Samples { get; init; } = [];
}
