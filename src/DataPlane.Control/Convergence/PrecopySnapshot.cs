namespace DataPlane.Control.Convergence;

/// <summary>Everything the decision after a pass looks at.</summary>
/// <param name="RemainingBytes">Memory marked and not yet sent.</param>
/// <param name="StateBytes">Device state still to be sent, as declared.</param>
/// <param name="DeclaredBytesPerSecond">The user's word for the bandwidth in the blackout; null without.</param>
/// <param name="MeasuredBytesPerSecond">What the passes showed; null before anything was acknowledged.</param>
/// <param name="DowntimeLimit">The blackout aimed for.</param>
/// <param name="Elapsed">Since the start of the migration.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="ForceOnTimeout">What then: stop the guest whatever is left, or give up.</param>
internal readonly record struct PrecopySnapshot(
    long RemainingBytes,
    long StateBytes,
    double? DeclaredBytesPerSecond,
    double? MeasuredBytesPerSecond,
    TimeSpan DowntimeLimit,
    TimeSpan Elapsed,
    TimeSpan Timeout,
    bool ForceOnTimeout)
{
    /// <summary>Bytes on the wire for a byte of memory, as seen so far: below 1 with compression.</summary>
    public double WireBytesPerByte { get; init; } = 1;

    /// <summary>
    /// Whether the measured bandwidth is the user's cap at work and not the link. It serves all the same while nothing better is known, and
    /// is too low for a blackout, in which there is no cap: who caps the passes does well to declare the bandwidth.
    /// </summary>
    public bool MeasuredUnderCap { get; init; }
}
