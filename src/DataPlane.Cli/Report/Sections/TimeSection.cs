using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>
/// What went on over time: from the document's samples, and where it has none from the passes, of which a rate is that of a whole pass, and what is left is what it found to send
/// when it began. Time 0 is the connect; the first pass begins when setup is over.
/// </summary>
internal static class TimeSection
{
    public static void Write(Html html, MigrationResult result, string id)
    {
        if (result.Passes.Count == 0) return;
        var sampled = result.Samples.Count > 1;
        html.Element("h3", "Over time").Element(
            "p", "From connect on. A dotted line with a number above it is where that pass began; the table below has the passes' own figures."
            + (sampled ? "" : " This document has no samples within the passes: each has one figure."), ("class", "soft"));
        var clock = new PassClock(result);
        var page = (double)(result.Ram?.PageSize ?? 4096);
        Figure("a", "Throughput and dirty rate", "Bytes on the wire per second, and bytes newly dirtied per second.", ForPeople.Rate, true, null,
            new TimeSeries("throughput (line, circles)", sampled ? Steps(sample => sample.BandwidthBytesPerSecond) : clock.Across(pass => pass.BandwidthBytesPerSecond)),
            new TimeSeries("dirty rate (dashes, squares)", sampled ? Points(sample => sample.DirtyBytesPerSecond) : clock.Across(pass => pass.DirtyBytesPerSecond)));
        Figure("b", "Left to send", "Memory marked and not yet sent.", value => ForPeople.Size((long)value), true, null,
            sampled ? new TimeSeries("memory marked and not yet sent", Points(sample => sample.RemainingBytes))
                : new TimeSeries("dirty memory at the start of a pass", clock.AtStart(pass => pass.DirtyPages * page)));
        Figure("c", "Expected downtime", "The forecast of the blackout, had the guest been stopped then, and the limit. What is more than four times the limit lies at the upper edge, and the chart says how high it goes.", ForPeople.Milliseconds, false,
            result.DowntimeLimit is { } limit ? (limit, $"limit {ForPeople.Milliseconds(limit)}") : null,
            sampled ? new TimeSeries("expected downtime", Points(sample => sample.ExpectedDowntimeMs))
                : new TimeSeries("expected downtime after a pass", clock.AtEnd(pass => pass.ExpectedDowntimeMs)));
        Table(html, result.Passes);

        void Figure(string part, string title, string description, Func<double, string> label, bool binary, (double, string)? limit, params TimeSeries[] series)
        {
            var shown = series.Where(one => one.Points.Count > 0).ToArray();
            if (shown.Length == 0) return;
            html.Open("figure").Element("figcaption", title);
            new TimeChart(id + part, title, description, End(), binary, label) { Series = shown, Marks = clock.Marks, Limit = limit }.Draw(html);
            html.Close("figure");
        }

        double End() => sampled ? Math.Max(clock.EndMs, result.Samples[^1].AtMs) : clock.EndMs;

        IReadOnlyList<(double, double)> Points(Func<ProgressSample, double?> value) =>
            [.. result.Samples.Where(sample => value(sample) is not null).Select(sample => (sample.AtMs, value(sample)!.Value))];

        // A sample's rate is that of all the time since the one before.
        IReadOnlyList<(double, double)> Steps(Func<ProgressSample, double?> value) =>
            [.. result.Samples.SelectMany((sample, i) => value(sample) is not { } known ? [] : new[] { (i == 0 ? result.SetupTime ?? 0 : result.Samples[i - 1].AtMs, known), (sample.AtMs, known) })];
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
