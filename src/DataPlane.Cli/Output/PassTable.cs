using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Output;

/// <summary>The passes for people. A long migration has hundreds: the first and the last tell the story.</summary>
internal static class PassTable
{
    private const int Ends = 8;

    public static void Write(TextWriter writer, IReadOnlyList<PassReport> passes)
    {
        if (passes.Count == 0) return;
        var table = new TextTable(" pass", " dirty pages", " sent", " zero", " on the wire", " time", " rate", " dirty rate", " expected", "decision");
        for (var i = 0; i < passes.Count; i++)
        {
            if (i == Ends && passes.Count > (2 * Ends) + 1)
            {
                var left = passes.Count - (2 * Ends);
                table.Add("...", $"{left} more", "", "", "", "", "", "", "", "");
                i += left;
            }
            table.Add(Row(passes[i]));
        }
        table.WriteTo(writer);
    }

    private static string[] Row(PassReport pass) =>
    [
        ForPeople.Count(pass.Pass), ForPeople.Count(pass.DirtyPages), ForPeople.Count(pass.SentPages), ForPeople.Count(pass.ZeroPages),
        ForPeople.Size(pass.WireBytes), ForPeople.Milliseconds(pass.DurationMs),
        pass.BandwidthBytesPerSecond is { } rate ? ForPeople.BitRate(rate) : "-",
        pass.DirtyBytesPerSecond is { } dirty ? ForPeople.Rate(dirty) : "-",
        pass.ExpectedDowntimeMs is { } expected ? ForPeople.Milliseconds(expected) : "-",
        pass.Decision ?? "-",
    ];
}
