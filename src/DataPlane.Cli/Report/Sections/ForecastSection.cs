using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>The forecast's parts beside the segments of the same name as they turned out.</summary>
internal static class ForecastSection
{
    public static void Write(Html html, MigrationResult result)
    {
        if (result.Forecast is not { } forecast) return;
        html.Element("h3", "Forecast against outcome");
        var table = new HtmlTable(html, "Expected and actual blackout, in microseconds", "part", " expected", " rarely less", " rarely more", " outcome");
        var segments = result.DowntimeBreakdown?.Segments ?? [];
        foreach (var part in forecast.Parts)
            Row(part.Name, part.ExpectedUs, part.LowUs, part.HighUs, segments.Where(segment => segment.Name == part.Name).Select(segment => (double?)segment.DurationUs).Sum());
        Row("all", forecast.ExpectedUs, forecast.LowUs, forecast.HighUs, result.Downtime * 1000);
        table.End();

        void Row(string name, double expected, double low, double high, double? outcome) => table.Row(
            name, ForPeople.Microseconds(expected), ForPeople.Microseconds(low), ForPeople.Microseconds(high),
            outcome is { } known ? ForPeople.Microseconds(known) : null);
    }
}
