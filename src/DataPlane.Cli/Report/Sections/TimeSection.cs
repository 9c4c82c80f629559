using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>
/// What went on over time, drawn from the passes: a rate is that of a whole pass, what is left is what a pass found to send when it began, and
/// the expected downtime is that of the decision after it. Time 0 is the connect; the first pass begins when setup is over.
/// </summary>
internal static class TimeSection
{
    public static void Write(Html html, MigrationResult result, string id)
    {
        if (result.Passes.Count == 0) return;
        html.Element("h3", "Over time").Element(
            "p", "From connect on. A dotted line with a number above it is where that pass began; the table below has the same figures.", ("class", "soft"));
        var clock = new PassClock(result);
        Figure("a", "Throughput and dirty rate", "Bytes on the wire per second and bytes newly dirtied per second, each over a pass.", ForPeople.Rate, true, null,
            new TimeSeries("throughput (line, circles)", clock.Across(pass => pass.BandwidthBytesPerSecond)),
            new TimeSeries("dirty rate (dashes, squares)", clock.Across(pass => pass.DirtyBytesPerSecond)));
        var page = (double)(result.Ram?.PageSize ?? 4096);
        Figure("b", "Left to send", "Memory that each pass found to send when it began.", value => ForPeople.Size((long)value), true, null,
            new TimeSeries("dirty memory at the start of a pass", clock.AtStart(pass => pass.DirtyPages * page)));
        Figure("c", "Expected downtime", "The forecast of the blackout after each pass, and the limit.", ForPeople.Milliseconds, false,
            result.DowntimeLimit is { } limit ? (limit, $"limit {ForPeople.Milliseconds(limit)}") : null,
            new TimeSeries("expected downtime after a pass", clock.AtEnd(pass => pass.ExpectedDowntimeMs)));
        Table(html, result.Passes);

        void Figure(string part, string title, string description, Func<double, string> label, bool binary, (double, string)? limit, params TimeSeries[] series)
        {
            var shown = series.Where(one => one.Points.Count > 0).ToArray();
            if (shown.Length == 0) return;
            html.Open("figure").Element("figcaption", title);
            new TimeChart(id + part, title, description, clock.EndMs, binary, label) { Series = shown, Marks = clock.Marks, Limit = limit }.Draw(html);
            html.Close("figure");
        }
    }

    private static void Table(Html html, IReadOnlyList<PassReport> passes)
    {
        var slowed = passes.Any(pass => pass.CpuThrottlePercentage > 0);
        var table = new HtmlTable(html, "Passes", [" pass", " dirty pages", " sent", " zero", " on the wire", " time", " throughput", " dirty rate", " expected",
            .. slowed ? [" guest slowed"] : Array.Empty<string>(), "decision"]);
        foreach (var pass in passes)
            table.Row([ForPeople.Count(pass.Pass), ForPeople.Count(pass.DirtyPages), ForPeople.Count(pass.SentPages), ForPeople.Count(pass.ZeroPages),
                ForPeople.Size(pass.WireBytes), ForPeople.Milliseconds(pass.DurationMs),
                pass.BandwidthBytesPerSecond is { } rate ? ForPeople.BitRate(rate) : null,
                pass.DirtyBytesPerSecond is { } dirty ? ForPeople.Rate(dirty) : null,
                pass.ExpectedDowntimeMs is { } expected ? ForPeople.Milliseconds(expected) : null,
                .. slowed ? [$"{pass.CpuThrottlePercentage} %"] : Array.Empty<string>(), pass.Decision]);
        table.End();
        // Sentences: in the table above they would make every row as high as a page.
        if (passes.All(pass => pass.Reason is null)) return;
        var reasons = new HtmlTable(html, "Why it was decided so", " after pass", "decision", "reason");
        foreach (var pass in passes.Where(pass => pass.Reason is not null)) reasons.Row(ForPeople.Count(pass.Pass), pass.Decision, pass.Reason);
        reasons.End();
    }
}
