using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Units;
using DataPlane.Tools.Shaping;

namespace DataPlane.Cli.Stress;

/// <summary>What the link of a run is like.</summary>
internal sealed class LinkShapeOptionSet
{
    private const long LeastRate = 1000;
    private const long MostRate = 125_000_000_000;

    public ValueOption<long?> Bandwidth { get; } = new(
        "--link-bandwidth", "RATE", "unlimited", "Most that the link carries each way, by the kernel where network namespaces are granted (root).",
        ByteRate.Form + ", from 8kbit/s to 1Tbit/s, or unlimited", Readers.Or("unlimited", Readers.Rate(LeastRate, MostRate)));

    public ValueOption<TimeSpan> Delay { get; } = new(
        "--link-delay", "TIME", "0", "How long everything is under way in one direction.", Duration.Form + ", at most 10s", Readers.Time(default, LinkShape.LongestDelay));

    public ValueOption<TimeSpan> Jitter { get; } = new(
        "--link-jitter", "TIME", "0", "By how much that differs at most, either way; at most the delay.", Duration.Form + ", at most the delay", Readers.Time(default, LinkShape.LongestDelay));

    public ValueOption<IReadOnlyList<LinkFault>> Faults { get; } = new(
        "--link-faults", "LIST", FaultList.None, "What goes wrong on the link: 'reset data at 64MiB', 'stall all at 2s for 300ms, flip 0.5/GB'.", FaultList.Form, FaultList.TryParse);

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All => [Bandwidth, Delay, Jitter, Faults];

    /// <summary>The link as asked for; what is random on it derives from <paramref name="seed"/>.</summary>
    public LinkShape Read(ParseResult parse, ulong seed) => new()
    {
        BytesPerSecond = Bandwidth.Value(parse),
        Delay = Delay.Value(parse),
        Jitter = Jitter.Value(parse),
        Faults = Faults.Value(parse) is { Count: > 0 } faults ? new FaultPlan { Seed = (int)(seed & int.MaxValue), Faults = faults } : null,
    };
}
