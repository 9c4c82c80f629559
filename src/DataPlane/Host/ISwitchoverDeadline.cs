namespace DataPlane.Host;

/// <summary>
/// A host that is told by when the guest must run, where a hard limit was asked for. Optional, beside <see cref="IMigrationHost"/>. What has not
/// returned when the switchover is called off holds up the guest: the tokens of its callbacks are cancelled then.
/// </summary>
public interface ISwitchoverDeadline
{
    /// <summary>
    /// Source: before PauseAsync, and again when a wait that does not count (pre-switchover, comparing memory) is over. Destination: before the
    /// first LoadAsync, and before AcquireAsync. Never beside another step. Must return at once.
    /// </summary>
    void OnDeadline(SwitchoverDeadline deadline);
}

/// <summary>By when the guest must run on the destination.</summary>
/// <param name="MonotonicNanoseconds">On this host's monotonic clock (CLOCK_MONOTONIC).</param>
/// <param name="Left">From the call on; zero when it has passed.</param>
public readonly record struct SwitchoverDeadline(long MonotonicNanoseconds, TimeSpan Left);
