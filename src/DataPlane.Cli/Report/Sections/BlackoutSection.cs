using DataPlane.Cli.Output;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>
/// Where the blackout's time went: a bar for each segment, and thinner ones under it for its stages. What does not count towards the downtime has
/// a frame of a fixed width, so that the others keep their proportions.
/// </summary>
internal static class BlackoutSection
{
    private const double Left = 250;
    private const double Right = Drawing.Width - 150;
    private const double RowHeight = 20;

    /// <summary>One of these is what a segment that does not count is wide.</summary>
    private const int Columns = 30;

    /// <summary>No migration has so many; a drawing with more would be no help.</summary>
    private const int MostRows = 400;

    private const int MostName = 30;

    public static void Write(Html html, DowntimeBreakdown? breakdown, string id)
    {
        if (breakdown is null || breakdown.Segments.Count == 0) return;
        var rows = breakdown.Segments.SelectMany(segment => breakdown.Stages.Where(stage => stage.Segment == segment.Name)
            .Select(stage => new Row(stage.Name, stage.Side, stage.StartUs, stage.DurationUs, IsStage: true, Counts: true))
            .Prepend(new Row(segment.Name, segment.Side, segment.StartUs, segment.DurationUs, IsStage: false, WaterfallScale.Counts(segment)))).ToList();
        html.Element("h3", "Blackout").Element("p", Capital(Waterfall.Headline(breakdown)));
        html.Open("figure").Element("figcaption", "Segments and their stages, both sides, on the source's clock");
        Draw(html, rows.Take(MostRows).ToList(), new WaterfallScale(breakdown.Segments, Columns), id + "w");
        html.Close("figure");
        var table = new HtmlTable(html, "The same in microseconds", "segment", "stage", "side", " starts at", " takes");
        foreach (var row in rows)
            table.Row(row.IsStage ? "" : row.Name, row.IsStage ? row.Name : "", Side(row.Side), ForPeople.Microseconds(row.StartUs), ForPeople.Microseconds(row.DurationUs));
        table.End();
    }

    private static void Draw(Html html, List<Row> rows, WaterfallScale scale, string id)
    {
        var drawing = new Drawing(html, id, (rows.Count * RowHeight) + 40, "Blackout waterfall",
            "One row for each segment and stage, from left to right in time; the table below has the same numbers.");
        drawing.Text(Left - 8, 14, "name, side", "small end");
        drawing.Text(Left, 14, "time since the guest stopped; a dashed frame does not count and is not to scale", "small");
        drawing.Text(Drawing.Width, 14, "takes", "small end");
        var y = 20.0;
        foreach (var row in rows)
        {
            var from = At(row.StartUs);
            var to = At(row.StartUs + row.DurationUs);
            drawing.Text(Left - 8, y + 14, $"{Cut(row.Name)}, {Side(row.Side)}", row.IsStage ? "small end" : "end");
            drawing.Line(Left, y + RowHeight, Right, y + RowHeight, "grid");
            // At least wide enough to be seen: nothing that happened is missing.
            drawing.Box(Math.Min(from, Right - 1.5), y + (row.IsStage ? 6 : 3), Math.Max(1.5, to - from), row.IsStage ? 8 : 14, Style(row));
            drawing.Text(Drawing.Width, y + 14, $"{ForPeople.Microseconds(row.DurationUs)} us", row.IsStage ? "small end" : "end");
            y += RowHeight;
        }
        drawing.Text(Left, y + 15, "0", "small");
        drawing.Text(Right, y + 15, $"{ForPeople.Microseconds(rows.Where(row => row is { IsStage: false, Counts: true }).Sum(row => row.DurationUs))} us that count", "small end");
        drawing.End();

        double At(double us)
        {
            var column = scale.Column(us);
            return Left + ((Right - Left) * (double.IsFinite(column) ? Math.Clamp(column / Columns, 0, 1) : 0));
        }
    }

    private static string Style(Row row) => !row.Counts ? "apart" : Side(row.Side) + (row.IsStage ? " stage" : "");

    private static string Side(MigrationSide? side) => side?.ToString().ToLowerInvariant() ?? "network";

    private static string Cut(string name) => name.Length <= MostName ? name : name[..(MostName - 2)] + "..";

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..] + ".";

    private sealed record Row(string Name, MigrationSide? Side, double StartUs, double DurationUs, bool IsStage, bool Counts);
}
