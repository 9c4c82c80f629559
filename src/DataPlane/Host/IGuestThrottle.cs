namespace DataPlane.Host;

/// <summary>
/// What a host may implement beside <see cref="IMigrationHost"/>, on the source: slowing the guest's vCPUs down. Called under the same rule as
/// that one: one call at a time, never beside another step of the host.
/// </summary>
public interface IGuestThrottle
{
    /// <summary>
    /// Keeps the vCPUs from running for <paramref name="percent"/> of the time, 0 to 95; 0 lets them run freely. Returns when it is in force.
    /// Before a guest goes on on the source after all, 0 is set.
    /// </summary>
    ValueTask ThrottleAsync(int percent, CancellationToken cancel);
}
