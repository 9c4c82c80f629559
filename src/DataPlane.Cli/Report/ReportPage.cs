using System.Globalization;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Report.Sections;

namespace DataPlane.Cli.Report;

/// <summary>The page: one file that needs nothing beside it, no network and no script.</summary>
internal static class ReportPage
{
    public static string Of(IReadOnlyList<ReportDocument> documents)
    {
        var html = new Html();
        html.Own("<!DOCTYPE html>\n").Open("html", ("lang", "en")).Open("head").Open("meta", ("charset", "utf-8"))
            .Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            // Belt and braces: even what slipped through escaping could load and run nothing.
            .Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'"))
            .Element("title", Title(documents))
            .Open("style").Own(PageStyle.Sheet).Close("style").Close("head").Open("body")
            .Open("header").Element("h1", Title(documents)).Close("header").Open("main");
        if (documents.Count > 1) SetSection.Write(html, documents);
        for (var i = 0; i < documents.Count; i++)
            Run(html, documents[i], "r" + (i + 1).ToString(CultureInfo.InvariantCulture), alone: documents.Count == 1);
        return html.Close("main").Close("body").Close("html").ToString();
    }

    private static string Title(IReadOnlyList<ReportDocument> documents) =>
        documents.Count == 1 ? $"Migration report: {documents[0].Name}" : $"Migration report: {documents.Count} runs";

    private static void Run(Html html, ReportDocument document, string id, bool alone)
    {
        html.Open("section", ("class", "run"), ("id", id));
        if (!alone) html.Element("h2", document.Name);
        VerdictSection.Write(html, document.Result);
        ForecastSection.Write(html, document.Result);
        TimeSection.Write(html, document.Result, id);
        BlackoutSection.Write(html, document.Result.DowntimeBreakdown, id);
        PagesSection.Write(html, document.Result);
        ChannelSection.Write(html, document.Result.Channels);
        BoundSection.Write(html, document.Result);
        EnvironmentSection.Write(html, document.Result.Environment);
        RawSection.Write(html, document.Json, id);
        html.Close("section");
    }
}
