using System.Globalization;
using DataPlane.Cli.Report.Compare;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>Where the page holds several runs: how many went well, and a line for each.</summary>
internal static class SetSection
{
    public static void Write(Html html, IReadOnlyList<ReportDocument> documents)
    {
        var results = documents.Select(document => document.Result).ToList();
        var completed = results.Count(result => result.Status == MigrationStatus.Completed);
        var over = results.Count(result => result is { Status: MigrationStatus.Completed, Downtime: { } downtime, DowntimeLimit: { } limit } && downtime > limit);
        html.Open("div", ("class", results.All(VerdictSection.IsGood) ? "verdict good" : "verdict bad"))
            .Element("p", $"{completed} of {results.Count} completed, {over} of them with a blackout over its limit", ("class", "headline")).Close("div");
        if (completed > 0) Together(html, results);
        var table = new HtmlTable(html, "Runs", "run", "ended", " total", " blackout", " limit", " expected", " throughput");
        foreach (var (name, result, _) in documents)
            table.Row(name, result.Status.ToString().ToLowerInvariant(), Time(result.TotalTime), Time(result.Downtime), Time(result.DowntimeLimit),
                Time(result.ExpectedDowntime), result.Ram?.Mbps is { } megabits ? ForPeople.BitRate(megabits * 125_000) : null);
        table.End();
        html.Open("nav", ("aria-label", "Runs")).Open("p");
        for (var i = 0; i < documents.Count; i++)
            html.Element("a", documents[i].Name, ("href", "#r" + (i + 1).ToString(CultureInfo.InvariantCulture)));
        html.Close("p").Close("nav");
    }

    private static void Together(Html html, List<MigrationResult> results)
    {
        var table = new HtmlTable(html, "Completed runs together", "figure", " median", " least", " most");
        foreach (var metric in Metric.All)
        {
            var values = metric.Of(results);
            if (values.Count > 0) table.Row(metric.Name, metric.Label(Median.Of(values)), metric.Label(values.Min()), metric.Label(values.Max()));
        }
        table.End();
    }

    private static string? Time(double? milliseconds) => milliseconds is { } known ? ForPeople.Milliseconds(known) : null;
}
