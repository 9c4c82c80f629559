using DataPlane.Core.Errors;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>Makes the result of what was measured.</summary>
internal sealed class LinkReport(LinkOptions options, MigrationAddress to)
{
    private static readonly LinkDirection[] _ways = [LinkDirection.ToServer, LinkDirection.ToClient];

    public LinkResult Build(IReadOnlyList<LinkRun> runs, MigrationError? error, bool cancelled)
    {
        LinkSweepRow[] rows = options.Channels.Count > 1 ? [.. runs.Where(run => run.Intervals.Count > 0).Select(Row)] : [];
        var recommended = LinkSweepRow.Recommend(rows);
        var shown = runs.LastOrDefault(run => run.Channels == recommended) ?? runs.LastOrDefault(run => run.Intervals.Count > 0) ?? (runs.Count > 0 ? runs[^1] : null);
        var result = new LinkResult
        {
            Status = error is not null ? LinkStatus.Failed : cancelled ? LinkStatus.Cancelled : LinkStatus.Completed,
            Error = error is not null ? LinkErrorReport.Of(error) : cancelled ? LinkErrorReport.Of(Cancelled) : null,
            Server = to.ToString(),
            Direction = options.Direction,
            DeclaredBitsPerSecond = options.DeclaredBitsPerSecond,
            Sweep = rows,
            RecommendedChannels = recommended,
            Memory = new LinkMemoryReport(options.MemoryBytes, "populated", "random"),
            Environment = EnvironmentFacts.Collect(OptionsInEffect(shown)),
        };
        return shown is null ? result : With(result, shown);
    }

    private static MigrationError Cancelled { get; } =
        new(MigrationErrorCode.Cancelled, MigrationSide.Source, "measure", "The measurement was called off; what was measured until then stands.");

    private LinkResult With(LinkResult result, LinkRun run)
    {
        result = result with { RoundTrip = new LinkRoundTrips(run.IdleRoundTrip, run.LoadedRoundTrip) };
        if (run.Intervals.Count == 0) return result;
        var channels = run.Last!.Since(run.First!);
        var sum = SumOf(run, channels);
        var directions = Directions(run, channels);
        var cpu = Cpu(run, sum);
        return result with
        {
            Intervals = run.Intervals,
            Channels = channels,
            Sum = sum,
            Retransmits = sum.Retransmits,
            Directions = directions,
            Cpu = cpu,
            Verdict = LinkVerdict.Of(options.DeclaredBitsPerSecond, directions[0].Sum.BitsPerSecond, directions[0].FinalSet?.BitsPerSecond),
        };
    }

    private LinkSum SumOf(LinkRun run, IReadOnlyList<LinkChannelReport> channels) => run.Last!.Sum(run.First!, [.. channels], options.Direction);

    private static LinkDirectionReport[] Directions(LinkRun run, IReadOnlyList<LinkChannelReport> channels) =>
    [
        .. _ways.Select(way => (Way: way, Channels: channels.Where(channel => channel.Direction == way).ToArray())).Where(way => way.Channels.Length > 0).Select(way =>
        {
            var tail = run.Tail.GetValueOrDefault(way.Way);
            return LinkDirectionReport.Of(way.Way, run.Last!.Sum(run.First!, way.Channels, way.Way), way.Channels, tail.Final, tail.Switchover);
        }),
    ];

    private static LinkCpuReport Cpu(LinkRun run, LinkSum sum)
    {
        var local = (run.Last!.Local.CpuMicroseconds - run.First!.Local.CpuMicroseconds) / 1e6;
        var remote = (run.Last.Remote.CpuMicroseconds - run.First.Remote.CpuMicroseconds) / 1e6;
        return new LinkCpuReport(local, remote, sum.Bytes > 0 ? (local + remote) / (sum.Bytes / 1e9) : null);
    }

    private LinkSweepRow Row(LinkRun run)
    {
        var sum = SumOf(run, run.Last!.Since(run.First!));
        var complete = run.Tail.Count == (options.Direction == LinkDirection.Both ? 2 : 1) && run.Tail.Values.All(tail => tail.Final is not null);
        return new LinkSweepRow(
            run.Channels, sum, complete ? run.Tail.Values.Min(tail => tail.Final!.BitsPerSecond) : null, Cpu(run, sum).SecondsPerGigabyte, run.LoadedRoundTrip?.Median);
    }

    private Dictionary<string, string> OptionsInEffect(LinkRun? shown) => new(StringComparer.Ordinal)
    {
        ["channels"] = $"{shown?.Channels ?? options.Channels[0]}",
        ["congestion"] = shown?.Congestion ?? options.Congestion,
    };
}
