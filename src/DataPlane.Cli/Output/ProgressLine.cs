using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>A migration's progress as one line.</summary>
internal static class ProgressLine
{
    public static string Of(MigrationProgress progress, TimeSpan? limit)
    {
        var parts = new List<string>
        {
            $"{Phase(progress.Status),-9} {progress.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        };
        if (progress.Attempt > 1) parts.Add($"attempt {progress.Attempt}");
        if (progress.Pass > 0) parts.Add($"pass {progress.Pass}");
        if (progress.TransferredBytes > 0 || progress.Pass > 0)
            parts.Add($"{ForPeople.Size(progress.TransferredBytes)} {(limit is null ? "received" : "sent")}");
        if (progress.RemainingBytes is { } left) parts.Add($"{ForPeople.Size(left)} left");
        if (progress.BytesPerSecond is { } rate) parts.Add(ForPeople.BitRate(rate));
        if (progress.DirtyBytesPerSecond is { } dirty) parts.Add($"dirty {ForPeople.Rate(dirty)}");
        if (progress.ExpectedDowntime is { } expected && limit is { } most)
            parts.Add($"blackout {ForPeople.Time(expected)} expected, limit {ForPeople.Time(most)}");
        return string.Join(", ", parts);
    }

    private static string Phase(MigrationStatus status) =>
        status == MigrationStatus.None ? "setup" : status == MigrationStatus.PreSwitchover ? "pre-switchover" : status.ToString().ToLowerInvariant();
}
