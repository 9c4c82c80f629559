using DataPlane.Control.Bandwidth;
using DataPlane.Control.Forecast;

namespace DataPlane.Control.Convergence;

/// <summary>Everything the decision after a pass looks at.</summary>
/// <param name="RemainingBytes">Memory marked and not yet sent.</param>
/// <param name="Forecast">The blackout, were the guest stopped now.</param>
/// <param name="Rate">The rate that the forecast counts on.</param>
/// <param name="DowntimeLimit">The blackout aimed for.</param>
/// <param name="Elapsed">Since the start of the migration.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="ForceOnTimeout">What then: stop the guest whatever is left, or give up.</param>
internal readonly record struct PrecopySnapshot(
    long RemainingBytes,
    BlackoutForecast Forecast,
    CountedRate Rate,
    TimeSpan DowntimeLimit,
    TimeSpan Elapsed,
    TimeSpan Timeout,
    bool ForceOnTimeout)
{
    /// <summary>Bytes on the wire for a byte of memory, as seen so far: below 1 with compression.</summary>
    public double WireBytesPerByte { get; init; } = 1;

    /// <summary>Where the passes are going.</summary>
    public ConvergenceTrend Trend { get; init; }

    /// <summary>For how long they have been going there.</summary>
    public TimeSpan NotFallenFor { get; init; }

    /// <summary>Whether about as little is left as ever since the passes stalled.</summary>
    public bool AtMinimum { get; init; }

    /// <summary>What is to be done when the passes get nowhere.</summary>
    public StallPolicy OnStall { get; init; }

    /// <summary>Whether slowing the guest down is all done: it could not be slower.</summary>
    public bool ThrottleExhausted { get; init; }

    /// <summary>What another pass is expected to leave; null where it is not worth asking, or the last one did not bring what was expected of it.</summary>
    public double? NextPassLeavesBytes { get; init; }

    /// <summary>The largest blackout that is not aborted afterwards; null where there is no such limit.</summary>
    public TimeSpan? HardLimit { get; init; }
}
