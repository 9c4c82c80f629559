using System.Globalization;
using DataPlane.Cli.Output;
using DataPlane.Cli.Units;
using DataPlane.Tools.Link;

namespace DataPlane.Cli.Link;

/// <summary>A result for people: the bulk as iperf3 ends, then what it does not know.</summary>
internal static class LinkSummary
{
    public static void Write(TextWriter writer, LinkResult result)
    {
        if (result.Sum is not { } sum) return;
        LinkRows.WriteRule(writer);
        LinkRows.WriteHead(writer, result.Channels, result.Sweep.Count > 0 ? $"whole bulk with {result.Environment.Options["channels"]} {(result.Environment.Options["channels"] == "1" ? "channel" : "channels")}" : "whole bulk");
        LinkRows.WriteBody(writer, 0, result.Intervals[^1].EndSeconds, result.Channels, sum);
        writer.WriteLine();
        foreach (var way in result.Directions) WriteWay(writer, result, way);
        if (result.RoundTrip is { IdleUs: { } idle } trips) writer.WriteLine($"round trip   {Spread(idle)} idle{(trips.LoadedUs is { } loaded ? $"; {Spread(loaded)} under load" : "")}");
        if (result.Cpu is { } cpu)
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"cpu          {cpu.LocalSeconds:0.00} s here, {cpu.RemoteSeconds:0.00} s at the server{(cpu.SecondsPerGigabyte is { } each ? $": {each:0.000} s for 10^9 bytes" : "")}"));
        WriteSweep(writer, result);
        WriteVerdict(writer, result);
    }

    private static void WriteWay(TextWriter writer, LinkResult result, LinkDirectionReport way)
    {
        var name = way.Direction == LinkDirection.ToServer ? "to the server" : "to this host";
        var parts = $"{LinkUnits.Rate(way.Sum.BitsPerSecond).TrimStart()} {name}";
        if (way is { SlowestChannel: { } slowest, FastestChannel: { } fastest })
        {
            double Rate(int number) => result.Channels.First(channel => channel.Channel == number && channel.Direction == way.Direction).BitsPerSecond;
            parts += $"; slowest channel {slowest} with {LinkUnits.Rate(Rate(slowest)).TrimStart()}, fastest {fastest} with {LinkUnits.Rate(Rate(fastest)).TrimStart()}";
        }
        writer.WriteLine($"bulk         {parts}");
        if (way.IsUneven) writer.WriteLine($"             channel {way.SlowestChannel} is far behind the others: look at its Retr above, and at the paths that flows are spread over (bond, ECMP)");
        if (way.FinalSet is { } final)
            writer.WriteLine(
                $"final set    {LinkUnits.Rate(final.BitsPerSecond).TrimStart()} {name}: {ForPeople.Size(final.Bytes)} of single pages in {Milliseconds(final.TimeUs.Median)} "
                + $"(slowest of {final.TimeUs.Count}: {LinkUnits.Rate(final.SlowestBitsPerSecond).TrimStart()})");
        if (way.Switchover is { } words)
            writer.WriteLine(
                $"switchover   {Milliseconds(words.FloorUs)} of round trips {name} with nothing left to send: last fence {Milliseconds(words.FenceUs.Median)}, "
                + $"commit {Milliseconds(words.MessageUs.Median)}");
    }

    private static void WriteSweep(TextWriter writer, LinkResult result)
    {
        if (result.Sweep.Count == 0) return;
        writer.WriteLine();
        var table = new TextTable(" channels", " bulk", " final set", " Retr", " round trip under load", " CPU-s/GB");
        foreach (var row in result.Sweep)
            table.Add(
                $"{row.Channels}", LinkUnits.Rate(row.Sum.BitsPerSecond), row.FinalSetBitsPerSecond is { } final ? LinkUnits.Rate(final) : "-",
                row.Sum.Retransmits?.ToString(CultureInfo.InvariantCulture) ?? "-", row.LoadedRoundTripUs is { } trip ? Milliseconds(trip) : "-",
                row.CpuSecondsPerGigabyte?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-");
        table.WriteTo(writer);
        if (result.RecommendedChannels is { } channels)
            writer.WriteLine($"take         --channels {channels}: the fewest within 5 % of the best in bulk, and in the final set where any is in both");
    }

    private static void WriteVerdict(TextWriter writer, LinkResult result)
    {
        if (result.Verdict is not { } verdict) return;
        var use = verdict.AvailSwitchoverBitsPerSecond is { } rate ? $"use --avail-switchover-bandwidth {LinkUnits.Option(rate)}" : null;
        if (result.DeclaredBitsPerSecond is not { } declared)
        {
            if (use is not null) writer.WriteLine($"verdict      {use}");
            return;
        }
        var way = result.Directions[0];
        var parts = new List<string> { $"bulk {LinkUnits.Rate(way.Sum.BitsPerSecond).TrimStart()} {Word(verdict.BulkMeets)}" };
        if (way.FinalSet is { } final) parts.Add($"final set {LinkUnits.Rate(final.BitsPerSecond).TrimStart()} {Word(verdict.FinalSetMeets)}");
        if (use is not null) parts.Add(use);
        writer.WriteLine($"verdict      declared {LinkUnits.Option(declared)}: {string.Join(", ", parts)}");
    }

    private static string Word(bool? meets) => meets == true ? "yes" : "no";

    private static string Spread(LinkSpread spread) => $"{Milliseconds(spread.Median)} (from {Milliseconds(spread.Min)} to {Milliseconds(spread.Max)})";

    private static string Milliseconds(double microseconds) => ForPeople.Milliseconds(microseconds / 1e3);
}
