using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>Where the blackout's time went, for people.</summary>
internal static class BlackoutTable
{
    public static void Write(TextWriter writer, DowntimeBreakdown breakdown)
    {
        writer.WriteLine($"blackout: {ForPeople.Microseconds(breakdown.TotalUs)} us, of which {ForPeople.Microseconds(breakdown.UnaccountedUs)} us unaccounted");
        var table = new TextTable("segment", "side", " starts at us", " takes us");
        foreach (var segment in breakdown.Segments)
            table.Add(
                segment.Name, segment.Side?.ToString().ToLowerInvariant() ?? "network",
                ForPeople.Microseconds(segment.StartUs), ForPeople.Microseconds(segment.DurationUs));
        table.WriteTo(writer);
    }
}
