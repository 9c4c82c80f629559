using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Results;

namespace DataPlane.Cli.Report.Sections;

/// <summary>A row for each data channel.</summary>
internal static class ChannelSection
{
    public static void Write(Html html, IReadOnlyList<ChannelReport> channels)
    {
        if (channels.Count == 0) return;
        html.Element("h3", "Channels");
        var table = new HtmlTable(html, "Data channels, seen from the side that wrote the document", " channel", " on the wire", " with work", " inside socket calls", " retransmits");
        foreach (var channel in channels)
            table.Row(ForPeople.Count(channel.Channel), ForPeople.Size(channel.WireBytes), Time(channel.BusyMs), Time(channel.BlockedMs),
                channel.Retransmits is { } again ? ForPeople.Count(again) : null);
        table.End();
    }

    private static string? Time(double? milliseconds) => milliseconds is { } known ? ForPeople.Milliseconds(known) : null;
}
