using DataPlane.Cli.Report.Markup;

namespace DataPlane.Cli.Report.Sections;

/// <summary>The document itself: once for machines, and once for people who unfold it.</summary>
internal static class RawSection
{
    public static void Write(Html html, string json, string id)
    {
        html.Element("h3", "Result document").Json(id + "-json", json)
            .Open("details", ("class", "raw")).Element("summary", "Show the JSON").Element("pre", json, ("tabindex", "0")).Close("details");
    }
}
