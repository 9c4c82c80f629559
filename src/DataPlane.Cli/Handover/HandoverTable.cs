using System.Globalization;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Handover;

namespace DataPlane.Cli.Handover;

/// <summary>What a journal says, for people: a line for each attempt, the newest last, and beneath the table what the newest guest's and the undecided ones mean.</summary>
internal static class HandoverTable
{
    public static void Write(TextWriter writer, string folder, IReadOnlyList<HandoverReport> attempts)
    {
        if (attempts.Count == 0)
        {
            writer.WriteLine($"journal {folder}: no attempt");
            return;
        }
        writer.WriteLine($"journal {folder}");
        var table = new TextTable("last written (UTC)", "image", " attempt", "this side", "records", "guest is", "process");
        var inOrder = attempts.OrderBy(LastWritten).ToArray();
        foreach (var attempt in inOrder)
            table.Add(
                LastWritten(attempt) is var at && at == default ? "-" : at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                attempt.Image.ToString(), attempt.Attempt.ToString(CultureInfo.InvariantCulture), Readers.Name(attempt.Side),
                attempt.Records.Count == 0 ? "-" : string.Join(" > ", attempt.Records.Select(record => record.Record)),
                attempt.Owner == HandoverOwner.Uncertain ? "uncertain" : $"the {Readers.Name(attempt.Owner)}'s", attempt.Held ? "lives" : "-");
        table.WriteTo(writer);
        foreach (var attempt in inOrder.Where(attempt => attempt.Owner == HandoverOwner.Uncertain || attempt.Image == inOrder[^1].Image))
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{attempt.Image}, attempt {attempt.Attempt}, {Readers.Name(attempt.Side)}: {attempt.Meaning}"));
    }

    private static DateTimeOffset LastWritten(HandoverReport attempt) => attempt.Records.Count == 0 ? default : attempt.Records[^1].Time;
}
