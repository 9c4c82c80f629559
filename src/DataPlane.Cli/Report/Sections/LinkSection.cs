using System.Globalization;
using DataPlane.Cli.Link;
using DataPlane.Cli.Report.Markup;
using DataPlane.Cli.Units;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Report.Sections;

/// <summary>What a link carries: what to count on, each way, over time, each channel, and the numbers of channels that were tried.</summary>
internal static class LinkSection
{
    public static void Write(Html html, LinkResult link, string id)
    {
        Verdict(html, link);
        Ways(html, link);
        OverTime(html, link, id);
        Channels(html, link);
        Sweep(html, link);
    }

    private static void Verdict(Html html, LinkResult link)
    {
        var meets = link.Verdict is not { BulkMeets: false } and not { FinalSetMeets: false };
        html.Open("div", ("class", link.Status == LinkStatus.Completed && meets ? "verdict good" : "verdict bad"))
            .Element("p", link.Error is { } error ? error.ToString() : Headline(link), ("class", "headline"));
        if (link.Verdict?.AvailSwitchoverBitsPerSecond is { } use) html.Element("p", $"Declare to a migration: --avail-switchover-bandwidth {LinkUnits.Option(use)}.");
        if (link.RecommendedChannels is { } channels) html.Element("p", $"Take --channels {channels}: the fewest within 5 % of the best.");
        foreach (var way in link.Directions.Where(way => way.IsUneven))
            html.Element("p", $"Channel {way.SlowestChannel} {Name(way.Direction)} carried less than half of what the one in the middle did: perhaps a bad path of several.");
        html.Close("div");
    }

    private static string Headline(LinkResult link)
    {
        if (link.DeclaredBitsPerSecond is not { } declared) return link.Sum is { } sum ? $"The link to {link.Server} carries {Rate(sum.BitsPerSecond)}." : $"Nothing is known of the link to {link.Server}.";
        var final = link.Directions.Count > 0 && link.Directions[0].FinalSet is { } set ? $", the final set {Rate(set.BitsPerSecond)} ({Word(link.Verdict?.FinalSetMeets)})" : "";
        var bulk = link.Directions.Count > 0 ? $"{Rate(link.Directions[0].Sum.BitsPerSecond)} ({Word(link.Verdict?.BulkMeets)})" : "unknown";
        return $"Declared {LinkUnits.Option(declared)}: the bulk is {bulk}{final}.";
    }

    private static void Ways(Html html, LinkResult link)
    {
        if (link.Directions.Count == 0) return;
        html.Element("h3", "What it carries");
        var table = new HtmlTable(html, "Each way", "way", " bulk", " retransmits", " final set", " slowest final set", " a set takes", " round trips of a switchover");
        foreach (var way in link.Directions)
            table.Row(Name(way.Direction), Rate(way.Sum.BitsPerSecond), Count(way.Sum.Retransmits), way.FinalSet is { } final ? Rate(final.BitsPerSecond) : null,
                way.FinalSet is { } slow ? Rate(slow.SlowestBitsPerSecond) : null, Time(way.FinalSet?.TimeUs.Median), Time(way.Switchover?.FloorUs));
        table.End();
        var rest = new HtmlTable(html, "And beside it", "what", " value", " from", " to");
        Spread("round trip, idle", link.RoundTrip?.IdleUs);
        Spread("round trip, under load", link.RoundTrip?.LoadedUs);
        if (link.Cpu is { } cpu)
            rest.Row("CPU here", Seconds(cpu.LocalSeconds), null, null).Row("CPU at the server", Seconds(cpu.RemoteSeconds), null, null)
                .Row("CPU of both for 10^9 bytes", cpu.SecondsPerGigabyte is { } each ? Seconds(each) : null, null, null);
        rest.End();

        void Spread(string name, LinkSpread? spread)
        {
            if (spread is { } known) rest.Row(name, Time(known.Median), Time(known.Min), Time(known.Max));
        }
    }

    private static void OverTime(Html html, LinkResult link, string id)
    {
        if (link.Intervals.Count < 2) return;
        html.Element("h3", "Over time");
        var ways = link.Directions.Select(way => way.Direction).Take(2).ToList();
        html.Open("figure").Element("figcaption", "Bulk of each interval");
        new TimeChart(id + "a", "Bulk", "Bits on the wire per second, each over an interval.", link.Intervals[^1].EndSeconds * 1000, false, value => Rate(value))
        {
            Series = [.. ways.Select(way => new TimeSeries(Name(way), [.. link.Intervals.SelectMany(interval => Step(interval, way))]))],
        }.Draw(html);
        html.Close("figure");
    }

    private static (double, double)[] Step(LinkInterval interval, LinkDirection way)
    {
        var rate = interval.Channels.Where(channel => channel.Direction == way).Sum(channel => channel.BitsPerSecond);
        return [(interval.StartSeconds * 1000, rate), (interval.EndSeconds * 1000, rate)];
    }

    private static void Channels(Html html, LinkResult link)
    {
        if (link.Channels.Count == 0) return;
        html.Element("h3", "Channels");
        var table = new HtmlTable(html, "The whole bulk by channels", " channel", "way", " bulk", " bytes", " retransmits", " round trip");
        foreach (var channel in link.Channels)
            table.Row(ForPeople.Count(channel.Channel), Name(channel.Direction), Rate(channel.BitsPerSecond), ForPeople.Size(channel.Bytes), Count(channel.Retransmits), Time(channel.RoundTripUs));
        table.End();
    }

    private static void Sweep(Html html, LinkResult link)
    {
        if (link.Sweep.Count == 0) return;
        html.Element("h3", "Numbers of channels");
        var table = new HtmlTable(html, "Each that was tried", " channels", " bulk", " final set", " retransmits", " round trip under load", " CPU for 10^9 bytes", "");
        foreach (var row in link.Sweep)
            table.Row(ForPeople.Count(row.Channels), Rate(row.Sum.BitsPerSecond), row.FinalSetBitsPerSecond is { } final ? Rate(final) : null, Count(row.Sum.Retransmits), Time(row.LoadedRoundTripUs),
                row.CpuSecondsPerGigabyte is { } each ? Seconds(each) : null, row.Channels == link.RecommendedChannels ? "take this" : "");
        table.End();
    }

    private static string Name(LinkDirection way) => way == LinkDirection.ToServer ? "to the server" : "to the client";

    private static string Word(bool? meets) => meets == true ? "yes" : meets == false ? "no" : "unknown";

    private static string Rate(double bitsPerSecond) => ForPeople.BitRate(bitsPerSecond / 8);

    private static string? Count(long? count) => count is { } known ? ForPeople.Count(known) : null;

    private static string? Time(double? microseconds) => microseconds is { } known ? ForPeople.Milliseconds(known / 1000) : null;

    private static string Seconds(double seconds) => seconds.ToString("0.### s", CultureInfo.InvariantCulture);
}
