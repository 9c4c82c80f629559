using System.Globalization;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Compare;

/// <summary>Two sets of runs side by side: the document of <c>report compare</c>.</summary>
/// <param name="Schema">Name and version of this document's shape.</param>
/// <param name="A">The set that is compared with.</param>
/// <param name="B">The set in question.</param>
/// <param name="Metrics">One for each figure.</param>
/// <param name="MaxRegressPercent">The gate; null without.</param>
/// <param name="Regressions">Why the gate is missed, as sentences; empty where it is kept, or there is none.</param>
internal sealed record Comparison(
    string Schema, ComparedSet A, ComparedSet B, IReadOnlyList<ComparedMetric> Metrics, double? MaxRegressPercent, IReadOnlyList<string> Regressions)
{
    public static Comparison Of(string nameA, IReadOnlyList<MigrationResult> a, string nameB, IReadOnlyList<MigrationResult> b, double? maxRegress)
    {
        var setA = ComparedSet.Of(nameA, a);
        var setB = ComparedSet.Of(nameB, b);
        var metrics = Metric.All.Select(metric => ComparedMetric.Of(metric, metric.Of(a), metric.Of(b), maxRegress)).ToList();
        return new Comparison("dataplane.compare/1", setA, setB, metrics, maxRegress, maxRegress is { } most ? [.. Missed(setA, setB, metrics, most)] : []);
    }

    /// <summary>A gate that could compare nothing is not kept: a broken benchmark must not pass.</summary>
    private static IEnumerable<string> Missed(ComparedSet a, ComparedSet b, List<ComparedMetric> metrics, double most)
    {
        // Whole numbers, so that equal shares are equal: b.Completed / b.Runs < a.Completed / a.Runs.
        if ((long)b.Completed * a.Runs < (long)a.Completed * b.Runs)
            yield return $"fewer runs of B completed: {b.Completed} of {b.Runs}, A {a.Completed} of {a.Runs}";
        if (metrics.All(metric => metric.ChangePercent is null))
            yield return "nothing could be compared: no figure is known of completed runs on both sides";
        foreach (var metric in metrics.Where(metric => metric.Regressed))
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{metric.Metric} got worse by {Math.Abs(metric.ChangePercent!.Value):0.0} %, more than the {most:0.##} % allowed");
    }
}
