using System.Globalization;
using DataPlane.Cli.Units;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Cli.Record;

/// <summary>What was recorded, for people.</summary>
internal static class RecordText
{
    public static void Write(TextWriter writer, RecordReport report)
    {
        writer.WriteLine($"recorded:    {ForPeople.Counted(report.Steps, "step")} in {ForPeople.Milliseconds(report.DurationSeconds * 1000)} of {ForPeople.Size(report.MemoryBytes)}, into {report.File}");
        writer.WriteLine($"dirty rate:  {ForPeople.Rate(report.DirtyBytesPerSecond)}, {ForPeople.Count((long)report.PagesPerSecond)} pages/s; {ForPeople.Counted(report.DistinctPages, "different page")} in all");
        writer.WriteLine($"working set: {Set(report.WorkingSet1s)} within 1 s; {Set(report.WorkingSet10s)} within 10 s");
        foreach (var hot in report.Hottest)
            writer.WriteLine(
                $"hottest:     {ForPeople.Size(hot.Pages * PageSize)} from {ForPeople.Size(hot.FirstPage * PageSize)}: {ForPeople.Counted(hot.WrittenPages, "page")}, "
                + string.Create(CultureInfo.InvariantCulture, $"{100.0 * hot.WrittenPages / Math.Max(1, report.Pages):0.#} % of all"));
        writer.WriteLine(
            $"cost:        a read by '{report.Method}' took {ForPeople.Milliseconds(report.Reads.MeanMs)} (at most {ForPeople.Milliseconds(report.Reads.LongestMs)}), "
            + string.Create(CultureInfo.InvariantCulture, $"{report.Reads.SharePercent:0.#} % of the time"));
        if (report.Guest is { } guest)
            writer.WriteLine(
                $"guest:       wrote {ForPeople.Counted(guest.WrittenPages, "page")} at {ForPeople.Rate(guest.AchievedBytesPerSecond)}"
                + (guest.AskedBytesPerSecond is { } asked ? $" of {ForPeople.Rate(asked)} asked for" : "") + $"; {ForPeople.Rate(guest.BeforeBytesPerSecond)} before it was tracked");
    }

    private static string Set(WorkingSetReport set) => $"{ForPeople.Size((long)set.MeanBytes)} (at most {ForPeople.Size(set.LargestBytes)})";
}
