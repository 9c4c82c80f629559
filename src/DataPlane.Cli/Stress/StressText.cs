using System.Globalization;
using DataPlane.Cli.Output;
using DataPlane.Cli.Units;
using DataPlane.Tools.Stress;
using DataPlane.Tools.Stress.Results;

namespace DataPlane.Cli.Stress;

/// <summary>A stress for people: a line for each run as it ends, and a table of all at the end.</summary>
internal static class StressText
{
    public static string Line(StressRun run, int number)
    {
        var parts = new List<string> { $"run {number}: {run.Round.Case.Title}" };
        if (run.Guest > 1) parts.Add($"guest {run.Guest}");
        if (run.Move > 1) parts.Add($"move {run.Move}");
        parts.Add(run.Result.Status.ToString().ToLowerInvariant());
        if (run.Result.TotalTime is { } total) parts.Add($"total {ForPeople.Milliseconds(total)}");
        if (run.Result.Downtime is { } downtime) parts.Add($"blackout {ForPeople.Milliseconds(downtime)}");
        if (run.Result.ExpectedDowntime is { } expected) parts.Add($"expected {ForPeople.Milliseconds(expected)}");
        return string.Join(", ", parts);
    }

    /// <summary>What a run that ended otherwise than expected, or proves nothing, has to say; null for the others.</summary>
    public static string? Complaint(StressRun run, int number) => run.Verdict switch
    {
        StressVerdict.Failed => $"run {number} ({run.Round.Case.Title}) failed: {string.Join("; ", run.Why)}\n  repeat it with: {run.Repeat}",
        StressVerdict.Void => $"run {number} ({run.Round.Case.Title}) is void: {string.Join("; ", run.Why)}",
        _ => null,
    };

    public static void Write(TextWriter writer, IReadOnlyList<StressRun> runs, ulong seed)
    {
        var summary = StressSummary.Of(runs);
        var table = new TextTable("case", " runs", " completed", " total", " blackout", " worst", " forecast off", " throughput", " dirty rate", " slower by", "bounded by");
        foreach (var figures in summary.Cases) Row(table, figures.Case!.Title, figures);
        if (summary.Cases.Count > 1) Row(table, "all", summary.All);
        table.WriteTo(writer);
        var all = summary.All;
        writer.WriteLine(
            $"{ForPeople.Counted(all.Runs, "run")}: {all.Completed} completed, {all.Failed} did not{(all.Void > 0 ? $", {all.Void} void" : "")}, {all.Unexpected} otherwise than expected, "
            + $"{all.OverLimit} with a blackout over what was aimed for; seed {seed}");
        if (all.Downtime is { } downtime)
            writer.WriteLine(
                $"blackout p50 {ForPeople.Milliseconds(downtime.P50)}, p90 {ForPeople.Milliseconds(downtime.P90)}, p99 {ForPeople.Milliseconds(downtime.P99)}, longest {ForPeople.Milliseconds(downtime.Max)}"
                + (all.ForecastError is { } off ? $"; forecast off by p50 {Percent(off.P50)}, p90 {Percent(off.P90)}, at most {Percent(off.Max)}" : ""));
        for (var i = 0; i < runs.Count; i++)
            if (Complaint(runs[i], i + 1) is { } complaint)
                writer.WriteLine(complaint);
    }

    private static void Row(TextTable table, string name, StressFigures figures) => table.Add(
        name, $"{figures.Runs}", $"{figures.Completed}", Time(figures.TotalTime?.P50), Time(figures.Downtime?.P50), Time(figures.Downtime?.Max),
        figures.ForecastError is { } off ? Percent(off.P50) : "-", figures.Mbps is { } rate ? ForPeople.BitRate(rate.P50 * 125_000) : "-",
        figures.DirtyRate is { } dirty ? ForPeople.Rate(dirty.P50) : "-", figures.Slowdown is { } slow ? Percent(slow.P50) : "-", figures.Bottleneck ?? "-");

    private static string Time(double? milliseconds) => milliseconds is { } known ? ForPeople.Milliseconds(known) : "-";

    private static string Percent(double percent) => percent.ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
