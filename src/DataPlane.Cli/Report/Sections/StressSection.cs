using DataPlane.Cli.Report.Compare;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>
/// The runs of a stress together: what they come to, those that went wrong with the line that repeats each, each comparison with its values side by side, and a line for each
/// run with the way to its details.
/// </summary>
internal static class StressSection
{
    private static readonly int[] _percentiles = [50, 90, 99, 100];

    /// <param name="html">Where it goes.</param>
    /// <param name="runs">All runs.</param>
    /// <param name="place">Where the page has a run's details; null where it has not.</param>
    public static void Write(Html html, IReadOnlyList<ReportDocument> runs, Func<ReportDocument, string?> place)
    {
        Verdict(html, runs);
        Failures(html, runs);
        Together(html, runs);
        foreach (var (i, group) in runs.Where(run => run.Tags is not null).GroupBy(run => run.Tags!.Group).Index())
            Comparison(html, group.Key, [.. group], $"c{i + 1}");
        Runs(html, runs, place);
    }

    /// <summary>Whether it ended as it was expected to; where nothing was said, whether it is good.</summary>
    public static bool IsGood(ReportDocument run) => run.Tags?.Verdict is { } verdict ? verdict == "passed" : VerdictSection.IsGood(run.Result);

    private static void Verdict(Html html, IReadOnlyList<ReportDocument> runs)
    {
        var good = runs.Count(IsGood);
        var completed = runs.Count(IsCompleted);
        var over = runs.Count(run => RunFigure.Counts(run) && run.Result.Downtime > run.Result.DowntimeLimit);
        var nothing = runs.Count(run => run.Tags?.Verdict == "void");
        html.Open("div", ("class", good == runs.Count ? "verdict good" : "verdict bad"))
            .Element("p", $"{ForPeople.Count(good)} of {ForPeople.Counted(runs.Count, "run")} ended as expected", ("class", "headline"))
            .Element("p", $"{ForPeople.Count(completed)} completed, {ForPeople.Count(runs.Count - completed)} did not; {ForPeople.Count(over)} with a blackout over what was aimed for.");
        if (nothing > 0)
            html.Element("p", $"{ForPeople.Count(nothing)} prove nothing: the guest was to write, and no pass found anything written. Their figures are not counted.");
        html.Close("div");
    }

    private static void Failures(Html html, IReadOnlyList<ReportDocument> runs)
    {
        var bad = runs.Where(run => !IsGood(run)).ToList();
        if (bad.Count == 0) return;
        html.Element("h3", "Runs that ended otherwise");
        foreach (var run in bad)
        {
            html.Open("div", ("class", "failure")).Element("p", $"{run.Name}: {Ended(run)}", ("class", "headline"));
            foreach (var why in run.Tags?.Why is { Count: > 0 } told ? told : run.Result.Error is { } error ? [error.Message] : []) html.Element("p", why);
            if (run.Tags?.Repeat is { } repeat) html.Element("p", "Repeat it with:", ("class", "soft")).Element("pre", repeat, ("tabindex", "0"));
            html.Close("div");
        }
    }

    private static void Together(Html html, IReadOnlyList<ReportDocument> runs)
    {
        var known = RunFigure.All.Select(figure => (Figure: figure, Values: figure.Of(runs))).Where(one => one.Values.Count > 0).ToList();
        if (known.Count == 0) return;
        html.Element("h3", "All together");
        var table = new HtmlTable(html, "Runs that completed, and prove something", "figure", " runs", " p50", " p90", " p99", " largest");
        foreach (var (figure, values) in known)
            table.Row([figure.Name, ForPeople.Count(values.Count), .. _percentiles.Select(percent => figure.Label(RunFigure.Percentile(values, percent)))]);
        table.End();
    }

    private static void Comparison(Html html, string name, List<ReportDocument> runs, string id)
    {
        var values = runs.GroupBy(run => run.Tags!.Value ?? "all runs").Select(group => (Name: group.Key, Runs: group.ToList())).ToList();
        html.Element("h3", name);
        if (values.Count > 1)
        {
            html.Open("figure").Element("figcaption", "Bars are medians; the line over a bar goes from the least to the most");
            new ValueBars(id, name, "A row for each value, a column for each figure; the table below has the same numbers.", [.. RunFigure.All.Select(figure => figure.Name)])
            {
                Rows = [.. values.Select(value => new ValueBarRow(value.Name, [.. RunFigure.All.Select(figure => Cell(figure, value.Runs))]))],
            }.Draw(html);
            html.Close("figure");
        }
        var table = new HtmlTable(html, "Medians of the runs that count", [runs[0].Tags!.Vary ?? "scenario", " runs", " completed",
            .. RunFigure.All.Select(figure => " " + figure.Name), " longest blackout", "bounded by"]);
        foreach (var (value, those) in values)
            table.Row([value, ForPeople.Count(those.Count), ForPeople.Count(those.Count(IsCompleted)), .. RunFigure.All.Select(figure => Cell(figure, those)?.Label),
                RunFigure.All[0].Of(those) is { Count: > 0 } blackouts ? RunFigure.All[0].Label(blackouts[^1]) : null, Bound(those)]);
        table.End();
    }

    private static void Runs(Html html, IReadOnlyList<ReportDocument> runs, Func<ReportDocument, string?> place)
    {
        html.Element("h3", "Each run");
        var table = new HtmlTable(html, "Runs", ["run", "ended", .. RunFigure.All.Select(figure => " " + figure.Name)]);
        foreach (var run in runs)
            table.LinkedRow(place(run), [run.Name, Ended(run), .. RunFigure.All.Select(figure => figure.Read(run) is { } value ? figure.Label(value) : null)]);
        table.End();
    }

    private static string Ended(ReportDocument run)
    {
        var status = run.Result.Status.ToString().ToLowerInvariant();
        return run.Tags?.Verdict switch
        {
            null or "passed" => status,
            "failed" => IsCompleted(run) ? status + ", not as expected" : status,
            "void" => status + ", proves nothing",
            var other => $"{status}, {other}",
        };
    }

    private static bool IsCompleted(ReportDocument run) => run.Result.Status == MigrationStatus.Completed;

    private static ValueBarCell? Cell(RunFigure figure, List<ReportDocument> runs) =>
        figure.Of(runs) is { Count: > 0 } values ? new ValueBarCell(Median.Of(values), values[0], values[^1], figure.Label(Median.Of(values))) : null;

    /// <summary>What bounded most of them.</summary>
    private static string? Bound(List<ReportDocument> runs) => runs.Where(RunFigure.Counts).Select(run => run.Result.Bottleneck).OfType<string>()
        .GroupBy(bound => bound).OrderByDescending(group => group.Count()).FirstOrDefault()?.Key;
}
