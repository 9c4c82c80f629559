namespace DataPlane.Options;

/// <summary>What is done when the passes stall: what is left has not become less for two seconds and does not fit.</summary>
public enum StallHandling
{
    /// <summary>Go on, and stop the guest in the first moment in which the rest fits; until <see cref="MigrationOptions.Timeout"/>.</summary>
    Wait,

    /// <summary>Stop the guest at a local minimum, though the blackout will be above the limit.</summary>
    Minimum,

    /// <summary>Slow the guest down through <see cref="Host.IGuestThrottle"/> until the rest fits.</summary>
    Throttle,

    /// <summary>Stop the guest at once.</summary>
    Force,

    /// <summary>Give up at once; the guest goes on on the source.</summary>
    Cancel,

    /// <summary>Ask <see cref="MigrationOptions.AskOnStall"/> after each pass.</summary>
    Ask,
}
