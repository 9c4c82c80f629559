namespace DataPlane.Control.Convergence;

/// <summary>What the user allows and wants, as it is now: it may change while the passes go on.</summary>
/// <param name="DowntimeLimit">The blackout aimed for.</param>
/// <param name="HardLimit">The largest blackout that is not called off; null where there is none.</param>
/// <param name="Timeout">How long the whole may take.</param>
/// <param name="ForceOnTimeout">What then: stop the guest whatever is left, or give up.</param>
/// <param name="OnStall">What is to be done when the passes get nowhere.</param>
internal readonly record struct PrecopyAims(TimeSpan DowntimeLimit, TimeSpan? HardLimit, TimeSpan Timeout, bool ForceOnTimeout, StallPolicy OnStall);
