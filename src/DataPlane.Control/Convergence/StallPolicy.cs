namespace DataPlane.Control.Convergence;

/// <summary>What is done when the passes do not come down to what fits. The numbers are those of the public option.</summary>
internal enum StallPolicy
{
    /// <summary>Go on, and stop the guest in the first moment in which the rest fits; until the time allowed is up.</summary>
    Wait,

    /// <summary>Stop the guest at a local minimum, though it is above the limit.</summary>
    Minimum,

    /// <summary>Slow the guest down until the rest fits.</summary>
    Throttle,

    /// <summary>Stop the guest at once.</summary>
    Force,

    /// <summary>Give up at once.</summary>
    Cancel,

    /// <summary>Ask the embedder after each pass.</summary>
    Ask,
}
