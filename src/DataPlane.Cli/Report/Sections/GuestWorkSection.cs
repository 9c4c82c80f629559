using System.Globalization;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>What the guest noticed: how long its own work took before the migration, during it and after it. The time in which it stood still is the blackout, and in none of them.</summary>
internal static class GuestWorkSection
{
    public static void Write(Html html, GuestWork? work, MigrationResult result, string id)
    {
        if (work is null or { BeforeMs: null, DuringMs: null, AfterMs: null }) return;
        html.Element("h3", "What the guest noticed");
        if (Sentence(work) is { } sentence) html.Element("p", sentence);
        var table = new HtmlTable(html, "Time for 10^9 bytes of its own writes", "when", " took");
        Add("before the migration", work.BeforeMs);
        Add("during it, while the guest ran", work.DuringMs);
        Add("after it, at the destination", work.AfterMs);
        table.End();
        if (work.Samples.Count < 2) return;
        html.Open("figure").Element("figcaption", "Time for 10^9 bytes of the guest's own writes");
        var (start, end) = (Math.Min(0, work.Samples[0].AtMs), work.Samples[^1].AtMs);
        new TimeChart(id + "g", "Guest's own work", "How long the guest took for 10^9 bytes of its own writes, over time; 0 is the connect.", end, false, ForPeople.Milliseconds)
        {
            StartMs = start, Series = [new TimeSeries("time for 10^9 bytes", work.Samples)], Marks = new PassClock(result).Marks,
        }.Draw(html);
        html.Close("figure");

        void Add(string name, double? milliseconds)
        {
            if (milliseconds is { } known) table.Row(name, ForPeople.Milliseconds(known));
        }
    }

    /// <summary>How much slower it was, in a sentence; null where that is not known.</summary>
    public static string? Sentence(GuestWork? work) => work?.SlowdownPercent is not { } percent ? null
        : string.Create(CultureInfo.InvariantCulture, $"While it was migrated, the guest's own work took {Math.Abs(percent):0.#} % {(percent < 0 ? "less" : "more")} time than before.");
}
