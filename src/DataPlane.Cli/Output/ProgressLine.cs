using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>A migration's progress as one line.</summary>
internal static class ProgressLine
{
    public static string Of(MigrationProgress progress, TimeSpan? limit)
    {
        var parts = new List<string> { $"{Phase(progress.Status),-9} {Seconds(progress.Elapsed)}" };
        if (progress.Attempt > 1) parts.Add($"attempt {progress.Attempt}");
        if (progress.Pass > 0) parts.Add($"pass {progress.Pass}");
        if (progress.TransferredBytes > 0 || progress.Pass > 0)
            parts.Add($"{ForPeople.Size(progress.TransferredBytes)} {(limit is null ? "received" : "sent")}");
        if (progress.RemainingBytes is { } left) parts.Add($"{ForPeople.Size(left)} left");
        if (progress.BytesPerSecond is { } rate) parts.Add(ForPeople.BitRate(rate));
        if (progress.DirtyBytesPerSecond is { } dirty) parts.Add($"dirty {ForPeople.Rate(dirty)}");
        if (progress.CpuThrottlePercentage > 0) parts.Add($"guest slowed by {progress.CpuThrottlePercentage} %");
        if (progress.ExpectedDowntime is { } expected && limit is { } most)
            parts.Add($"blackout {ForPeople.Time(expected)} expected{(Range(progress.Forecast) is { } range ? $" ({range})" : "")}, limit {ForPeople.Time(most)}");
        if (progress.Bottleneck is { } bound) parts.Add($"bound by {bound}");
        return string.Join(", ", parts);
    }

    public static string Phase(MigrationStatus status) =>
        status == MigrationStatus.None ? "setup" : status == MigrationStatus.PreSwitchover ? "pre-switchover" : status.ToString().ToLowerInvariant();

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    /// <summary>How far a forecast may be off; null where nobody knows.</summary>
    public static string? Range(DowntimeForecast? forecast) => forecast is null ? null
        : $"{ForPeople.Milliseconds(forecast.LowUs / 1e3)} to {ForPeople.Milliseconds(forecast.HighUs / 1e3)}";
}
