using System.Globalization;
using DataPlane.Cli.Units;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Link;

/// <summary>Rows like iperf3's: each channel and their sum, interval by interval.</summary>
internal sealed class LinkRows(TextWriter writer)
{
    private int _channels;

    /// <summary>An interval of a measurement with so many channels; the columns' names go before the first of each number.</summary>
    public void Write(LinkInterval interval, int channels)
    {
        if (channels != _channels) WriteHead(writer, interval.Channels, ForPeople.Counted(channels, "channel"));
        else if (interval.Channels.Count > 1) WriteRule(writer);
        _channels = channels;
        WriteBody(writer, interval.StartSeconds, interval.EndSeconds, interval.Channels, interval.Sum);
        writer.Flush();
    }

    public static void WriteRule(TextWriter writer) => writer.WriteLine("- - - - - - - - - - - - - - - - - - - - - - - - -");

    public static void WriteHead(TextWriter writer, IReadOnlyList<LinkChannelReport> channels, string what)
    {
        writer.WriteLine($"{what}:");
        writer.WriteLine($"[ ID]{(IsBoth(channels) ? "[Role]" : "")} Interval           Transfer     Bitrate         Retr  RTT");
    }

    public static void WriteBody(TextWriter writer, double from, double to, IReadOnlyList<LinkChannelReport> channels, LinkSum sum)
    {
        var both = IsBoth(channels);
        foreach (var channel in channels)
            WriteRow(writer, $"{channel.Channel,3}", both ? Role(channel.Direction) : "", from, to, channel.Bytes, channel.BitsPerSecond, channel.Retransmits, channel.RoundTripUs);
        if (channels.Count == 1) return;
        foreach (var way in both ? channels.GroupBy(channel => channel.Direction) : [])
            WriteRow(
                writer, "SUM", Role(way.Key), from, to, way.Sum(channel => channel.Bytes), way.Sum(channel => channel.BitsPerSecond),
                way.Any(channel => channel.Retransmits is null) ? null : way.Sum(channel => channel.Retransmits), null);
        WriteRow(writer, "SUM", both ? "[both]" : "", from, to, sum.Bytes, sum.BitsPerSecond, sum.Retransmits, null);
    }

    private static void WriteRow(TextWriter writer, string id, string role, double from, double to, long bytes, double rate, long? retransmits, double? roundTrip)
    {
        var interval = string.Create(CultureInfo.InvariantCulture, $"{from,6:0.00}-{to,-6:0.00} sec");
        var trip = roundTrip is { } us ? string.Create(CultureInfo.InvariantCulture, $"  {us / 1e3:0.00} ms") : "";
        writer.WriteLine($"[{id}]{role} {interval}  {LinkUnits.Transfer(bytes),-11}  {LinkUnits.Rate(rate),-15} {retransmits?.ToString(CultureInfo.InvariantCulture) ?? "-",4}{trip}");
    }

    private static bool IsBoth(IReadOnlyList<LinkChannelReport> channels) => channels.Select(channel => channel.Direction).Distinct().Count() > 1;

    // From the client's side, as iperf3 has it.
    private static string Role(LinkDirection direction) => direction == LinkDirection.ToServer ? "[TX-C]" : "[RX-C]";
}
