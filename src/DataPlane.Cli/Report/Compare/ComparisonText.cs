using DataPlane.Cli.Output;

namespace DataPlane.Cli.Report.Compare;

/// <summary>A <see cref="Comparison"/> for people.</summary>
internal static class ComparisonText
{
    public static void Write(TextWriter writer, Comparison comparison)
    {
        WriteSet(writer, "A", comparison.A);
        WriteSet(writer, "B", comparison.B);
        var table = new TextTable("figure", " median A", " median B", " change", " 95 % interval", "verdict");
        foreach (var (row, metric) in comparison.Metrics.Zip(Metric.All))
            table.Add(
                metric.Name, Label(metric, row.MedianA), Label(metric, row.MedianB), row.ChangePercent is { } change ? Metric.Percent(change) : "-",
                (row.LowPercent, row.HighPercent) is ({ } low, { } high) ? $"{Metric.Percent(low)} to {Metric.Percent(high)}" : "-",
                (row.Verdict == "same" ? "no difference shown" : row.Verdict) + (row.Regressed ? ", REGRESSED" : ""));
        table.WriteTo(writer);
        if (comparison.Metrics.Any(row => row.ChangePercent is not null && row.LowPercent is null))
            writer.WriteLine($"no interval where a set has fewer than {Bootstrap.FewestValues} values: there the medians alone decide");
        foreach (var why in comparison.Regressions) writer.WriteLine($"regression: {why}");
        if (comparison.MaxRegressPercent is not null && comparison.Regressions.Count == 0) writer.WriteLine("no regression");
    }

    private static void WriteSet(TextWriter writer, string name, ComparedSet set) =>
        writer.WriteLine($"{name}: {set.File}, {set.Runs} runs, {set.Completed} completed");

    private static string Label(Metric metric, double? value) => value is { } known ? metric.Label(known) : "-";
}
