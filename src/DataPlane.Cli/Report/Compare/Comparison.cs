using System.Globalization;
using DataPlane.Cli.Report.Sections;

namespace DataPlane.Cli.Report.Compare;

/// <summary>Two sets of runs side by side: the document of <c>report compare</c>.</summary>
/// <param name="Schema">Name and version of this document's shape.</param>
/// <param name="A">The set that is compared with.</param>
/// <param name="B">The set in question.</param>
/// <param name="Cases">Kinds of runs of a stress that both have, each compared by itself; empty where all runs are compared together.</param>
/// <param name="OnlyInA">Kinds of runs that B has not.</param>
/// <param name="OnlyInB">Kinds of runs that A has not.</param>
/// <param name="Metrics">One for each figure, of each case.</param>
/// <param name="MaxRegressPercent">The gate; null without.</param>
/// <param name="Regressions">Why the gate is missed, as sentences; empty where it is kept, or there is none.</param>
internal sealed record Comparison(
    string Schema, ComparedSet A, ComparedSet B, IReadOnlyList<string> Cases, IReadOnlyList<string> OnlyInA, IReadOnlyList<string> OnlyInB,
    IReadOnlyList<ComparedMetric> Metrics, double? MaxRegressPercent, IReadOnlyList<string> Regressions)
{
    /// <summary>
    /// Runs of different kinds have no median in common: where either set has runs of a stress, kinds that both have are compared one by one.
    /// </summary>
    public static Comparison Of(string nameA, IReadOnlyList<ReportDocument> a, string nameB, IReadOnlyList<ReportDocument> b, double? maxRegress)
    {
        var (setA, setB) = (ComparedSet.Of(nameA, a), ComparedSet.Of(nameB, b));
        var (casesA, casesB) = (Kinds(a), Kinds(b));
        var alike = casesA.Count + casesB.Count == 0;
        var both = casesA.Intersect(casesB).ToList();
        var metrics = alike ? Compared(null, a, b, maxRegress)
            : [.. both.SelectMany(name => Compared(name, [.. a.Where(run => run.Tags?.Case == name)], [.. b.Where(run => run.Tags?.Case == name)], maxRegress))];
        var (onlyA, onlyB) = (casesA.Except(both).ToList(), casesB.Except(both).ToList());
        return new Comparison(
            "dataplane.compare/1", setA, setB, both, onlyA, onlyB, metrics, maxRegress, maxRegress is { } most ? [.. Missed(setA, setB, onlyA, metrics, most)] : []);
    }

    private static List<string> Kinds(IReadOnlyList<ReportDocument> runs) => [.. runs.Select(run => run.Tags?.Case).OfType<string>().Distinct()];

    private static List<ComparedMetric> Compared(string? kind, IReadOnlyList<ReportDocument> a, IReadOnlyList<ReportDocument> b, double? maxRegress) =>
        [.. Metric.All.Select(metric => ComparedMetric.Of(metric, metric.Of(Counted(a)), metric.Of(Counted(b)), maxRegress) with { Case = kind })];

    private static IEnumerable<Results.MigrationResult> Counted(IReadOnlyList<ReportDocument> runs) => runs.Where(RunFigure.Counts).Select(run => run.Result);

    /// <summary>A gate that could compare nothing is not kept: a broken benchmark must not pass.</summary>
    private static IEnumerable<string> Missed(ComparedSet a, ComparedSet b, List<string> onlyA, List<ComparedMetric> metrics, double most)
    {
        // Whole numbers, so that equal shares are equal: b.Completed / b.Runs < a.Completed / a.Runs.
        if ((long)b.Completed * a.Runs < (long)a.Completed * b.Runs)
            yield return $"fewer runs of B completed: {b.Completed} of {b.Runs}, A {a.Completed} of {a.Runs}";
        if (metrics.All(metric => metric.ChangePercent is null))
            yield return "nothing could be compared: no figure is known of completed runs on both sides";
        foreach (var kind in onlyA) yield return $"B has no run of: {kind}";
        foreach (var metric in metrics.Where(metric => metric.Regressed))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{(metric.Case is null ? "" : metric.Case + ": ")}{metric.Metric} got worse by {Math.Abs(metric.ChangePercent!.Value):0.0} %, more than the {most:0.##} % allowed");
    }
}
