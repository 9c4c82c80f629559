using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Compare;

/// <summary>A figure that every completed run has, and which way it gets better.</summary>
/// <param name="Name">As people call it.</param>
/// <param name="Field">Its name in the result document, with the unit there.</param>
/// <param name="MoreIsBetter">Whether a larger one is better.</param>
/// <param name="Read">Takes it from a result; null where it is not known.</param>
/// <param name="Label">A value with its unit, for people.</param>
internal sealed record Metric(string Name, string Field, bool MoreIsBetter, Func<MigrationResult, double?> Read, Func<double, string> Label)
{
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("blackout", "downtime", false, result => result.Downtime, ForPeople.Milliseconds),
        new("total time", "total-time", false, result => result.TotalTime, ForPeople.Milliseconds),
        new("throughput", "mbps", true, result => result.Ram?.Mbps, value => ForPeople.BitRate(value * 125_000)),
    ];

    /// <summary>Its values of the completed runs that have one. A run that did not complete has times too, but they compare with nothing.</summary>
    public IReadOnlyList<double> Of(IEnumerable<MigrationResult> results) =>
        [.. results.Where(result => result.Status == MigrationStatus.Completed).Select(Read).OfType<double>().Where(double.IsFinite)];

    public static string Percent(double value) => value.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %";
}
