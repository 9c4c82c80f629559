using System.Text;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>
/// Where the blackout's time went, for people: a row for each segment with a bar where it lies in time, in the lane of its side; what is on
/// the way has a thin one in both. Stages stand indented under the segment that they name. A segment that does not count has one character, so that the
/// others keep their proportions. Plain characters, 120 columns at most.
/// </summary>
internal static class Waterfall
{
    private const int Lane = 24;
    private const int MostName = 28;
    private const string Legend = "   # segment; = step within it; - on its way between the hosts; ~ does not count";

    public static void Write(TextWriter writer, DowntimeBreakdown breakdown)
    {
        writer.WriteLine(Headline(breakdown));
        var table = new TextTable("segment", "side", " starts at us", " takes us", "source".PadRight(Lane), "destination");
        var scale = new WaterfallScale(breakdown.Segments, Lane);
        foreach (var segment in breakdown.Segments)
        {
            Add(table, segment.Name, segment.Side, segment.StartUs, segment.DurationUs, scale, !WaterfallScale.Counts(segment) ? '~' : segment.Side is null ? '-' : '#');
            foreach (var stage in breakdown.Stages.Where(stage => stage.Segment == segment.Name))
                Add(table, "  " + stage.Name, stage.Side, stage.StartUs, stage.DurationUs, scale, '=');
        }
        table.WriteTo(writer);
        if (breakdown.Segments.Count > 0) writer.WriteLine(Legend);
    }

    /// <summary>What the blackout was in all, in one line.</summary>
    public static string Headline(DowntimeBreakdown breakdown)
    {
        var us = ForPeople.Microseconds(breakdown.TotalUs);
        var whole = breakdown.Segments.Any(segment => segment.Side != MigrationSide.Destination && segment.Name == "stop");
        var what = !whole ? $"blackout, the destination's part: {us} us"
            : breakdown.Completed ? $"blackout: {us} us, of which {ForPeople.Microseconds(breakdown.UnaccountedUs)} us unaccounted"
            : breakdown.Segments[^1].Name == "rollback" ? $"blackout, called off: the guest stood still for {us} us"
            : $"blackout whose end is not known here: {us} us until it was given up";
        return breakdown.ClockErrorUs is { } error ? $"{what}; the destination's times are known to {ForPeople.Microseconds(error)} us" : what;
    }

    private static void Add(TextTable table, string name, MigrationSide? side, double start, double takes, WaterfallScale scale, char mark)
    {
        var bar = Bar(start, takes, scale, mark);
        table.Add(
            Cut(name), side?.ToString().ToLowerInvariant() ?? "network", ForPeople.Microseconds(start), ForPeople.Microseconds(takes),
            side == MigrationSide.Destination ? "" : bar, side == MigrationSide.Source ? "" : bar);
    }

    /// <summary>At least one character, so that nothing that happened is missing; what lies behind the end is at its edge.</summary>
    private static string Bar(double start, double takes, WaterfallScale scale, char mark)
    {
        var from = Math.Clamp((int)Math.Floor(scale.Column(start)), 0, Lane - 1);
        var to = Math.Clamp((int)Math.Round(scale.Column(start + takes)), from + 1, Lane);
        return new StringBuilder().Append('.', from).Append(mark, to - from).Append('.', Lane - to).ToString();
    }

    private static string Cut(string name) => name.Length <= MostName ? name : name[..(MostName - 2)] + "..";
}
