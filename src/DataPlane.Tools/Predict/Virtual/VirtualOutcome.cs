using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Options;
using DataPlane.Results;

namespace DataPlane.Tools.Predict.Virtual;

/// <summary>How a migration would go.</summary>
internal sealed record VirtualOutcome
{
    /// <summary>The last decision: why the guest is stopped, or stays.</summary>
    public required PrecopyDecision Decision { get; init; }

    /// <summary>The passes as far as they were worked out, the final one not.</summary>
    public required IReadOnlyList<PassReport> Passes { get; init; }

    /// <summary>From connect to the end.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>Where the passes were going.</summary>
    public required ConvergenceTrend Trend { get; init; }

    /// <summary>By how much the guest is slowed down at the end, percent.</summary>
    public required int Throttle { get; init; }

    /// <summary>What bounded the passes; null where nothing was sent for long enough to tell.</summary>
    public required string? Bottleneck { get; init; }

    /// <summary>How pages would be written.</summary>
    public required PageCompression Codec { get; init; }

    /// <summary>Since when nothing changed any more, so that the passes after it were left out; null where all were worked out.</summary>
    public required TimeSpan? StillSince { get; init; }

    /// <summary>Whether the guest would be stopped, and run on the other side.</summary>
    public bool Moves => Decision.Verdict is PrecopyVerdict.Switch or PrecopyVerdict.Force;

    /// <summary>Whether it would, and stand still no longer than is aimed for.</summary>
    public bool Fits(MigrationOptions options) => Moves && Forecast.Known && Forecast.Total.Expected <= options.DowntimeLimit;

    public BlackoutForecast Forecast => Decision.Forecast;
}
