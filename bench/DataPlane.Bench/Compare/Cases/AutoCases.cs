using DataPlane.Bench.Tools;
using DataPlane.Options;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>The codec that each channel picks for itself beside those that a user could have told it, on memory and links that each favour another.</summary>
internal static class AutoCases
{
    private const int SlowLinkGigabits = 1;
    private static readonly MemoryContents[] _contents = [MemoryContents.Dump, MemoryContents.Random, MemoryContents.Zero, MemoryContents.Mixed];
    private static readonly PageCompression[] _fixed = [PageCompression.None, PageCompression.Lz4, PageCompression.Zstd];

    /// <summary>Every memory over loopback, then over the slow link.</summary>
    public static IEnumerable<CompareCase> All(Network loopback) =>
    [
        .. _contents.Select(contents => Make(
            contents, "", "loopback", 2L << 30, (memory, compression) => Of(Name(compression), Run(memory, loopback, Options(compression))))),
        .. _contents.Select(contents => Make(
            contents, $"-{SlowLinkGigabits}gbit", $"a veth pair held to {SlowLinkGigabits} Gbit/s by tbf",
            contents == MemoryContents.Zero ? 2L << 30 : 512L << 20, // Zeros take no time on any link.
            (memory, compression) => ShapedCases.OursOn(Name(compression), SlowLinkGigabits, memory, [.. Options(compression), "--congestion", "cubic"]))),
    ];

    private static CompareCase Make(MemoryContents contents, string suffix, string link, long bytes, Func<GuestFiles, PageCompression, Contender> contender) => new(
        $"auto-{contents.ToString().ToLowerInvariant()}{suffix}",
        $"{Describe(contents)}, page tables of both sides set up, 2 channels, cubic, {link}; from the end of the setup to the running guest.")
    {
        Contents = contents,
        MostBytes = bytes,
        Contenders = memory => [.. _fixed.Append(PageCompression.Auto).Select(compression => contender(memory, compression))],
        Goals = [new Goal("auto, of the best fixed codec", 0.95, result => result.Rate(Name(PageCompression.Auto)) / _fixed.Max(each => result.Rate(Name(each))))],
    };

    private static string[] Options(PageCompression compression) => ["--channels", "2", "--compression", compression.ToString()];

    private static string Name(PageCompression compression) => $"{Ours} --compression {compression.ToString().ToLowerInvariant()}";

    private static string Describe(MemoryContents contents) => contents switch
    {
        MemoryContents.Dump => "Pages of a process' memory",
        MemoryContents.Random => "Random pages",
        MemoryContents.Zero => "Zeros in pages that are there on both sides",
        _ => "Stripes (2 MiB) of a process' memory, of random pages and of zeros in turn",
    };
}
