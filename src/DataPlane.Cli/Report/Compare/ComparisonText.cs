using DataPlane.Cli.Output;
using DataPlane.Cli.Units;

namespace DataPlane.Cli.Report.Compare;

/// <summary>A <see cref="Comparison"/> for people.</summary>
internal static class ComparisonText
{
    public static void Write(TextWriter writer, Comparison comparison)
    {
        WriteSet(writer, "A", comparison.A);
        WriteSet(writer, "B", comparison.B);
        var named = comparison.Metrics.Any(row => row.Case is not null);
        writer.WriteLine(named ? $"compared: the medians of {(comparison.Cases.Count == 1 ? "the one kind of runs that both have" : $"{comparison.Cases.Count} kinds of runs that both have, each by itself")}"
            : comparison.Metrics.Count > 0 ? "compared: the medians of all completed runs of A with those of B" : "compared: nothing, since no kind of run is in both");
        foreach (var kind in comparison.OnlyInA) writer.WriteLine($"only in A: {kind}");
        foreach (var kind in comparison.OnlyInB) writer.WriteLine($"only in B: {kind}");
        string[] before = named ? ["runs"] : [];
        var table = new TextTable([.. before, "figure", " median A", " median B", " change", " 95 % interval", " values", "verdict"]);
        foreach (var row in comparison.Metrics)
        {
            var metric = Metric.All.First(one => one.Field == row.Metric);
            string[] of = named ? [row.Case ?? ""] : [];
            table.Add(
                [.. of, metric.Name, Label(metric, row.MedianA), Label(metric, row.MedianB), row.ChangePercent is { } change ? Metric.Percent(change) : "-",
                (row.LowPercent, row.HighPercent) is ({ } low, { } high) ? $"{Metric.Percent(low)} to {Metric.Percent(high)}" : "-",
                $"{row.ValuesA}, {row.ValuesB}",
                (row.Verdict == "same" ? "no difference shown" : row.Verdict) + (row.Regressed ? ", REGRESSED" : "")]);
        }
        if (comparison.Metrics.Count > 0) table.WriteTo(writer);
        if (comparison.Metrics.Any(row => row.ChangePercent is not null && row.LowPercent is null))
            writer.WriteLine($"no interval where a set has fewer than {Bootstrap.FewestValues} values: there the medians alone decide");
        foreach (var why in comparison.Regressions) writer.WriteLine($"regression: {why}");
        if (comparison.MaxRegressPercent is not null && comparison.Regressions.Count == 0) writer.WriteLine("no regression");
    }

    private static void WriteSet(TextWriter writer, string name, ComparedSet set) =>
        writer.WriteLine($"{name}: {set.File}, {ForPeople.Counted(set.Runs, "run")}, {set.Completed} completed{(set.Void > 0 ? $", {set.Void} of them prove nothing and are left out" : "")}");

    private static string Label(Metric metric, double? value) => value is { } known ? metric.Label(known) : "-";
}
