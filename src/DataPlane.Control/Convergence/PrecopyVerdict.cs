namespace DataPlane.Control.Convergence;

/// <summary>What to do after a pass.</summary>
internal enum PrecopyVerdict
{
    /// <summary>Another pass.</summary>
    Continue,

    /// <summary>The rest fits: stop the guest.</summary>
    Switch,

    /// <summary>Time is up and the user said to stop the guest all the same.</summary>
    Force,

    /// <summary>Time is up: the guest stays.</summary>
    GiveUp,
}

/// <summary>A verdict, the blackout it expects, and why, as a sentence with the numbers.</summary>
internal readonly record struct PrecopyDecision(PrecopyVerdict Verdict, TimeSpan? ExpectedDowntime, string Reason);
