namespace DataPlane.Results;

/// <summary>An attempt that was followed by another.</summary>
public sealed record AttemptReport
{
    /// <summary>Its number, from 1. Connections that did not come about have numbers too, and no report.</summary>
    public required int Attempt { get; init; }

    /// <summary>Why it was not the last.</summary>
    public ErrorReport? Error { get; init; }

    /// <summary>Milliseconds from connect to its end.</summary>
    public double? TotalTime { get; init; }

    /// <summary>For how long the guest stood still for nothing, milliseconds; null where it was not stopped.</summary>
    public double? Downtime { get; init; }

    /// <summary>What it foretold, milliseconds; null where the guest was not stopped.</summary>
    public double? ExpectedDowntime { get; init; }

    /// <summary>By how much the way back came later than the limit, microseconds; null where it did not.</summary>
    public double? LimitExceededUs { get; init; }

    /// <summary>Counts of memory.</summary>
    public RamReport? Ram { get; init; }

    /// <summary>Where the time went while the guest stood still.</summary>
    public DowntimeBreakdown? DowntimeBreakdown { get; init; }

    /// <summary>What the user should know of it, as sentences.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    internal static AttemptReport Of(MigrationResult result) => new()
    {
        Attempt = result.Attempt,
        Error = result.Error,
        TotalTime = result.TotalTime,
        Downtime = result.DowntimeBreakdown?.TotalUs / 1e3,
        ExpectedDowntime = result.ExpectedDowntime,
        LimitExceededUs = result.LimitExceededUs,
        Ram = result.Ram,
        DowntimeBreakdown = result.DowntimeBreakdown,
        Warnings = result.Warnings,
    };
}
