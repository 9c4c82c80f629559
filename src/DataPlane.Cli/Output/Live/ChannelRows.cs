using System.Globalization;
using DataPlane.Cli.Units;

namespace DataPlane.Cli.Output.Live;

/// <summary>A row for each channel, with its rate and what its time goes to. Where not all have room, the slowest are shown, since they are looked for.</summary>
internal static class ChannelRows
{
    private const int Number = 7;
    private const int Rate = 13;
    private const int Size = 11;

    /// <summary>Below this, a share is not worth its words.</summary>
    private const double Least = 0.05;

    /// <summary>At most <paramref name="most"/> rows with their headings; none where there is room for no channel.</summary>
    public static IReadOnlyList<ScreenLine> Of(MigrationPicture picture, int columns, int most)
    {
        var channels = picture.History.Channels;
        if (channels.Count == 0 || most < 2 || (most == 2 && channels.Count > 1)) return [];
        var lines = new List<ScreenLine> { Heading(columns, channels.Any(channel => channel.InSocket is not null)) };
        var shown = channels.Count < most ? channels : [.. channels.OrderBy(channel => channel.BytesPerSecond ?? channel.WireBytes).Take(most - 2).OrderBy(channel => channel.Channel)];
        lines.AddRange(shown.Select(channel => Row(channel, picture.Progress.Bottleneck == "cap", columns)));
        if (shown.Count < channels.Count)
            lines.Add(new ScreenLine().AddWhole(columns, $"{"...",Number}").AddWhole(columns, $"  {channels.Count - shown.Count} more, faster", ScreenStyle.Soft));
        return lines;
    }

    private static ScreenLine Heading(int columns, bool spent)
    {
        var line = new ScreenLine().Add($"{"channel",Number}", ScreenStyle.Soft).AddWhole(columns, $"{"rate",Rate}", ScreenStyle.Soft).AddWhole(columns, $"{"so far",Size}", ScreenStyle.Soft);
        return spent ? line.AddWhole(columns, "  waits for", ScreenStyle.Soft) : line;
    }

    private static ScreenLine Row(ChannelPace channel, bool capped, int columns)
    {
        var rate = channel.BytesPerSecond is { } known ? ForPeople.BitRate(known) : "-";
        var line = new ScreenLine().Add($"{channel.Channel,Number}").AddWhole(columns, $"{rate,Rate}").AddWhole(columns, $"{ForPeople.Size(channel.WireBytes),Size}");
        if (channel is not { InSocket: { } socket, Idle: { } idle }) return line;
        (string What, double Share)[] parts = [("the link", socket), ("dirty pages", idle), (capped ? "the cap" : "own work", 1 - socket - idle)];
        var between = "  ";
        foreach (var (what, share) in parts.Where(part => part.Share >= Least).OrderByDescending(part => part.Share))
        {
            _ = line.AddWhole(columns, between + what + (share * 100).ToString(" 0", CultureInfo.InvariantCulture) + " %");
            between = ", ";
        }
        return line;
    }
}
