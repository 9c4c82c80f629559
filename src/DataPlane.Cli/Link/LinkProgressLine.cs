using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Link;

/// <summary>A measurement's progress as one line.</summary>
internal static class LinkProgressLine
{
    public static string Of(LinkProgress progress, LinkOptions options)
    {
        var seconds = progress.InPhase.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return progress.Phase switch
        {
            LinkPhase.Setup => $"setup: connecting, and making {ForPeople.Size(options.MemoryBytes)} of memory on both sides, {seconds} s",
            LinkPhase.Bulk => $"bulk, {ForPeople.Counted(progress.Channels, "channel")}: {seconds} of {options.Duration.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s"
                + (progress.BitsPerSecond is { } rate ? $", {ForPeople.BitRate(rate / 8)}" : ""),
            LinkPhase.Drain => $"drain: what is on its way arrives, {seconds} s",
            LinkPhase.FinalSet => $"final set: {ForPeople.Size(options.FinalSetBytes)} of single pages, {seconds} s",
            _ => $"switchover: round trips, {seconds} s",
        };
    }
}
