namespace DataPlane.Control.Convergence;

/// <summary>Where the passes are going.</summary>
internal enum ConvergenceTrend
{
    /// <summary>Too early to tell.</summary>
    Unknown,

    /// <summary>What is left gets less, or will.</summary>
    Converging,

    /// <summary>What is left has not become less for a while.</summary>
    Stalled,

    /// <summary>The guest's working set is more than fits, and passes do not come down to less.</summary>
    Hopeless,
}
