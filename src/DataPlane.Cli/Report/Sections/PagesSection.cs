using System.Globalization;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>How pages went over: with contents, as zero, and in which encoding.</summary>
internal static class PagesSection
{
    public static void Write(Html html, MigrationResult result)
    {
        if (result.Ram is not { } ram) return;
        html.Element("h3", "Pages by kind");
        var all = (double)ram.Normal + ram.Duplicate;
        var table = new HtmlTable(html, $"Pages of {ram.PageSize} bytes, each time one was sent", "kind", " pages", " share", " bytes");
        table.Row("with contents", ForPeople.Count(ram.Normal), Share(ram.Normal, all), ForPeople.Size(ram.NormalBytes))
            .Row("zero, sent as a mark", ForPeople.Count(ram.Duplicate), Share(ram.Duplicate, all), null)
            .End();
        if (result.Compression is { } compression)
        {
            var codecs = new HtmlTable(html, $"Encoding, {compression.Mode} asked for", "codec", " frames", " pages", " bytes");
            foreach (var codec in compression.Codecs)
                codecs.Row(codec.Codec, ForPeople.Count(codec.Frames), ForPeople.Count(codec.Pages), ForPeople.Size(codec.Bytes));
            codecs.End();
            html.Element("p", compression.Reason, ("class", "soft"));
            if (compression.Missing is { } missing) html.Element("p", missing, ("class", "soft"));
        }
    }

    private static string Share(long count, double all) =>
        all > 0 ? (100 * count / all).ToString("0.#", CultureInfo.InvariantCulture) + " %" : "-";
}
