using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>A figure of which runs stand side by side. Less is better of all but throughput.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Read">Takes it from a run; null where it is not known.</param>
/// <param name="Label">A value with its unit.</param>
internal sealed record RunFigure(string Name, Func<ReportDocument, double?> Read, Func<double, string> Label)
{
    public static IReadOnlyList<RunFigure> All { get; } =
    [
        new("blackout", run => run.Result.Downtime, ForPeople.Milliseconds),
        new("total time", run => run.Result.TotalTime, ForPeople.Milliseconds),
        new("throughput", run => run.Result.Ram?.Mbps, value => ForPeople.BitRate(value * 125_000)),
        new("guest slower by", run => run.Work?.SlowdownPercent, Percent),
        new("forecast off by", run => run.Result.ForecastErrorPercent is { } off ? Math.Abs(off) : null, Percent),
    ];

    /// <summary>Its values in the runs that count: completed ones that prove something. In the order of size.</summary>
    public IReadOnlyList<double> Of(IEnumerable<ReportDocument> runs) =>
        [.. runs.Where(Counts).Select(Read).OfType<double>().Where(double.IsFinite).Order()];

    public static bool Counts(ReportDocument run) => run.Result.Status == MigrationStatus.Completed && run.Tags is not { Counts: false };

    /// <summary>The least value that so many percent of <paramref name="sorted"/> do not exceed.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, int percent) => sorted[(((sorted.Count * percent) + 99) / 100) - 1];

    private static string Percent(double value) => value.ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
