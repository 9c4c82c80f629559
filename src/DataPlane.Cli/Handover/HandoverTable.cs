using System.Globalization;
using DataPlane.Cli.Options;
using DataPlane.Cli.Output;
using DataPlane.Handover;

namespace DataPlane.Cli.Handover;

/// <summary>What a journal says, for people: a line for each attempt, and beneath the table what it means.</summary>
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
        var table = new TextTable("image", " attempt", "this side", "records", "guest is", "process");
        foreach (var attempt in attempts)
            table.Add(
                attempt.Image.ToString(), attempt.Attempt.ToString(CultureInfo.InvariantCulture), Readers.Name(attempt.Side),
                attempt.Records.Count == 0 ? "-" : string.Join(" > ", attempt.Records.Select(record => record.Record)),
                attempt.Owner == HandoverOwner.Uncertain ? "uncertain" : $"the {Readers.Name(attempt.Owner)}'s", attempt.Held ? "lives" : "-");
        table.WriteTo(writer);
        foreach (var attempt in attempts)
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{attempt.Image}, attempt {attempt.Attempt}, {Readers.Name(attempt.Side)}: {attempt.Meaning}"));
    }
}
