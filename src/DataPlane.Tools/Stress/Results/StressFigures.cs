using DataPlane.Results;

namespace DataPlane.Tools.Stress.Results;

/// <summary>Runs together: of everything, or of one value of a comparison. Figures are of the runs that completed and are not void.</summary>
internal sealed record StressFigures
{
    /// <summary>What they are of; null for everything.</summary>
    public StressCase? Case { get; init; }

    /// <summary>How many there were.</summary>
    public required int Runs { get; init; }

    /// <summary>How many completed.</summary>
    public required int Completed { get; init; }

    /// <summary>How many did not.</summary>
    public required int Failed { get; init; }

    /// <summary>How many ended otherwise than expected.</summary>
    public required int Unexpected { get; init; }

    /// <summary>How many completed and prove nothing.</summary>
    public required int Void { get; init; }

    /// <summary>How many stood still for longer than was aimed for.</summary>
    public required int OverLimit { get; init; }

    /// <summary>Milliseconds.</summary>
    public StressSpread? Downtime { get; init; }

    /// <summary>Milliseconds.</summary>
    public StressSpread? TotalTime { get; init; }

    /// <summary>By how many percent the forecast was off, too low and too high alike.</summary>
    public StressSpread? ForecastError { get; init; }

    /// <summary>Megabit per second over the passes.</summary>
    public StressSpread? Mbps { get; init; }

    /// <summary>Newly dirtied, bytes per second, as the last pass that knew it measured it.</summary>
    public StressSpread? DirtyRate { get; init; }

    /// <summary>By how many percent the guest's own work took longer during the passes.</summary>
    public StressSpread? Slowdown { get; init; }

    /// <summary>What bounded most of the runs; null where none says.</summary>
    public string? Bottleneck { get; init; }

    public static StressFigures Of(IReadOnlyCollection<StressRun> runs, StressCase? ofCase = null)
    {
        MigrationResult[] counted = [.. runs.Where(run => run.Counts).Select(run => run.Result)];
        var completed = runs.Count(run => run.Result.Status == MigrationStatus.Completed);
        return new StressFigures
        {
            Case = ofCase,
            Runs = runs.Count,
            Completed = completed,
            Failed = runs.Count - completed,
            Unexpected = runs.Count(run => run.Verdict == StressVerdict.Failed),
            Void = runs.Count(run => run.Verdict == StressVerdict.Void),
            OverLimit = counted.Count(result => result.Downtime > result.DowntimeLimit),
            Downtime = Spread(counted, result => result.Downtime),
            TotalTime = Spread(counted, result => result.TotalTime),
            ForecastError = Spread(counted, result => result.ForecastErrorPercent is { } percent ? Math.Abs(percent) : null),
            Mbps = Spread(counted, result => result.Ram?.Mbps),
            DirtyRate = Spread(counted, result => result.Passes.LastOrDefault(pass => pass.DirtyBytesPerSecond is not null)?.DirtyBytesPerSecond),
            Slowdown = Spread(counted, result => result.GuestWork?.SlowdownPercent),
            Bottleneck = counted.Where(result => result.Bottleneck is not null).GroupBy(result => result.Bottleneck)
                .OrderByDescending(group => group.Count()).FirstOrDefault()?.Key,
        };
    }

    private static StressSpread? Spread(MigrationResult[] results, Func<MigrationResult, double?> figure) =>
        StressSpread.Of(results.Select(figure).OfType<double>());
}
