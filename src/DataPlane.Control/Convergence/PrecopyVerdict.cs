using DataPlane.Control.Forecast;

namespace DataPlane.Control.Convergence;

/// <summary>What to do after a pass.</summary>
internal enum PrecopyVerdict
{
    /// <summary>Another pass.</summary>
    Continue,

    /// <summary>The rest fits: stop the guest.</summary>
    Switch,

    /// <summary>The user said to stop the guest all the same: time is up, or nothing gets better.</summary>
    Force,

    /// <summary>Time is up, or nothing gets better: the guest stays.</summary>
    GiveUp,

    /// <summary>No pass can help: what the host declares beside memory misses the limit by itself. The guest stays.</summary>
    Refuse,

    /// <summary>The embedder says.</summary>
    Ask,
}

/// <summary>A verdict, the blackout it expects, and why, as a sentence with the numbers.</summary>
internal readonly record struct PrecopyDecision(PrecopyVerdict Verdict, BlackoutForecast Forecast, string Reason)
{
    /// <summary>The whole blackout expected; null while no rate is known.</summary>
    public TimeSpan? ExpectedDowntime => Forecast.Known ? Forecast.Total.Expected : null;

    /// <summary>What is left fits: another pass is only to make the blackout shorter, which it does when it is whole.</summary>
    public bool FitsAlready { get; init; }
}
