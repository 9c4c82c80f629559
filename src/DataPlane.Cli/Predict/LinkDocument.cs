using System.Globalization;
using System.Net;
using DataPlane.Cli.Report;
using DataPlane.Cli.Run;
using DataPlane.Tools.Link;
using DataPlane.Tools.Predict;

namespace DataPlane.Cli.Predict;

/// <summary>What a prediction takes from a document that <c>link client --json</c> wrote.</summary>
internal static class LinkDocument
{
    private const string Option = "--link";
    private const string Expected = "a RATE such as 10Gbit/s, or a FILE that 'link client --json' wrote, schema \"dataplane.link/1\"";

    /// <summary>Throws <see cref="UsageException"/> with one sentence.</summary>
    public static LearnedFromLink Read(string path)
    {
        var link = ReportReader.ReadLink(Option, path, Expected);
        if (link.Sum is not { BitsPerSecond: > 0 } || link.Directions is not [{ Sum: { BitsPerSecond: > 0 } sum } way, ..]) throw Refused(path, "nothing was measured in it");
        if (!link.Environment.Options.TryGetValue("channels", out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var channels))
            throw Refused(path, "its options have no number of channels");
        var both = link.Directions.Count > 1;
        var cpu = both || sum.Bytes <= 0 ? null : link.Cpu;
        var (sender, receiver) = way.Direction == LinkDirection.ToServer ? (cpu?.LocalSeconds, cpu?.RemoteSeconds) : (cpu?.RemoteSeconds, cpu?.LocalSeconds);
        return new LearnedFromLink(sum.BitsPerSecond, channels)
        {
            Sweep = both ? new Dictionary<int, double>() : link.Sweep.DistinctBy(row => row.Channels).ToDictionary(row => row.Channels, row => row.Sum.BitsPerSecond),
            RoundTripUs = link.RoundTrip?.IdleUs?.Median,
            SenderSecondsPerByte = sender / sum.Bytes,
            ReceiverSecondsPerByte = receiver / sum.Bytes,
            FinalSetUs = way.FinalSet?.TimeUs.Median,
            FinalSetBytes = way.FinalSet?.Bytes ?? 0,
            MemoryBytes = link.Memory.Bytes,
            IsOneHost = IsHere(link.Server),
        };
    }

    private static bool IsHere(string server) => MigrationAddress.TryParse(server, out var address, out _) && address is { Path: var path, Host: var host }
        && (path is not null || host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip)));

    private static UsageException Refused(string path, string why) => new($"{Option} '{path}': expected {Expected}; {why}.");
}
