using System.Globalization;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Report.Sections;
using DataPlane.Cli.Units;

namespace DataPlane.Cli.Report;

/// <summary>The page: one file that needs nothing beside it, no network and no script.</summary>
internal static class ReportPage
{
    /// <summary>A page with more runs of a stress in full is none that a browser likes; the others stand in its tables.</summary>
    private const int MostInFull = 100;

    public static string Of(IReadOnlyList<ReportDocument> documents) => Of(new ReportContents(documents, []));

    public static string Of(ReportContents contents)
    {
        var html = new Html();
        var title = Title(contents);
        html.Own("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Open("head").Open("meta", ("charset", "utf-8"))
            .Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            // Belt and braces: even what slipped through escaping could load and run nothing.
            .Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"))
            .Element("title", title)
            .Open("style").Own(PageStyle.Sheet).Close("style").Close("head").Open("body")
            .Open("header").Element("h1", title).Close("header").Open("main");
        var alone = contents.Migrations.Count + contents.Links.Count == 1;
        for (var i = 0; i < contents.Links.Count; i++) Link(html, contents.Links[i], "l" + Number(i), alone);
        if (contents.Migrations.Any(run => run.Tags is not null)) Stress(html, contents.Migrations);
        else Runs(html, contents.Migrations, alone);
        return html.Close("main").Close("body").Close("html").ToString();
    }

    private static string Title(ReportContents contents) => contents switch
    {
        { Migrations: [var run], Links: [] } => $"Migration report: {run.Name}",
        { Migrations: [], Links: [var link] } => $"Link report: {link.Name}",
        { Migrations: [], Links: var links } => $"Link report: {links.Count} measurements",
        { Migrations: var runs, Links: [] } => $"{(runs.Any(run => run.Tags is not null) ? "Stress" : "Migration")} report: {ForPeople.Counted(runs.Count, "run")}",
        { Migrations: var runs, Links: var links } => $"Report: {ForPeople.Counted(runs.Count, "run")}, {ForPeople.Counted(links.Count, "link")}",
    };

    private static void Link(Html html, LinkDocument link, string id, bool alone)
    {
        html.Open("section", ("class", "run"), ("id", id));
        if (!alone) html.Element("h2", link.Name);
        LinkSection.Write(html, link.Result, id);
        EnvironmentSection.Write(html, link.Result.Environment);
        RawSection.Write(html, link.Json, id);
        html.Close("section");
    }

    private static void Runs(Html html, IReadOnlyList<ReportDocument> runs, bool alone)
    {
        if (runs.Count > 1) SetSection.Write(html, runs);
        for (var i = 0; i < runs.Count; i++)
        {
            var id = "r" + Number(i);
            html.Open("section", ("class", "run"), ("id", id));
            if (!alone) html.Element("h2", runs[i].Name);
            Run(html, runs[i], id);
            html.Close("section");
        }
    }

    /// <summary>What they come to first, then each run folded up; those that went wrong have a place before the others.</summary>
    private static void Stress(Html html, IReadOnlyList<ReportDocument> runs)
    {
        var full = new Dictionary<ReportDocument, string>(ReferenceEqualityComparer.Instance);
        foreach (var (i, run) in runs.Index().OrderBy(run => StressSection.IsGood(run.Item) ? 1 : 0).Take(MostInFull)) full[run] = "r" + Number(i);
        StressSection.Write(html, runs, run => full.GetValueOrDefault(run));
        html.Element("h3", "Details");
        if (full.Count < runs.Count)
            html.Element("p", $"Of {full.Count} runs, those that ended otherwise before the others; the other {runs.Count - full.Count} stand in the tables above, and whole in the document.");
        foreach (var run in runs.Where(full.ContainsKey))
        {
            html.Open("details", ("class", "run")).Element("summary", run.Name).Open("section", ("id", full[run]));
            Run(html, run, full[run]);
            html.Close("section").Close("details");
        }
    }

    private static void Run(Html html, ReportDocument document, string id)
    {
        VerdictSection.Write(html, document.Result, document.Work);
        ForecastSection.Write(html, document.Result);
        TimeSection.Write(html, document.Result, id);
        BlackoutSection.Write(html, document.Result.DowntimeBreakdown, id);
        GuestWorkSection.Write(html, document.Work, document.Result, id);
        PagesSection.Write(html, document.Result);
        ChannelSection.Write(html, document.Result.Channels);
        BoundSection.Write(html, document.Result);
        EnvironmentSection.Write(html, document.Result.Environment);
        RawSection.Write(html, document.Json, id);
    }

    private static string Number(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}
