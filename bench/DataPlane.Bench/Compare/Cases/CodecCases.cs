using DataPlane.Bench.Codecs;
using DataPlane.Bench.Tools;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Options;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>Memory that compresses, by each codec.</summary>
internal static class CodecCases
{
    private const string Alone = "compressing and decompressing alone";
    private static readonly int[] _qemusChannels = [2, 4];

    public static CompareCase Lz4(Network loopback) => Make(
        loopback, PageCompression.Lz4, PageEncoding.Lz4,
        [new Goal("of QEMU's best, zstd", 2, OfQemu), new Goal("of compressing and decompressing alone", 0.8, result => result.Ratio(Ours, Alone))]);

    public static CompareCase Zstd(Network loopback) => Make(loopback, PageCompression.Zstd, PageEncoding.Zstd, [new Goal("of QEMU's best, zstd", 1.2, OfQemu)]);

    private static CompareCase Make(Network loopback, PageCompression compression, PageEncoding encoding, IReadOnlyList<Goal> goals) => new(
        compression.ToString().ToLowerInvariant(),
        "Pages of a process' memory, page tables of both sides set up, 2 channels, cubic; from the end of the setup to the running guest. Alone: the same blocks by as many threads, nothing sent.")
    {
        Contents = MemoryContents.Dump,
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", "2", "--compression", compression.ToString())),
            new Contender(Alone, () => Task.FromResult(MeasureAlone(memory, encoding))),
            .. _qemusChannels.Select(channels => Of(new QemuMigration(memory, loopback) { Channels = channels, Compression = "zstd" }, ", zstd")),
        ],
        Goals = goals,
    };

    private static double? OfQemu(CaseResult result) => result.Rate(Ours) / result.BestRate(Qemus);

    private static CompareSample MeasureAlone(GuestFiles memory, PageEncoding encoding)
    {
        var seconds = AloneRun.Seconds(
            new GuestMemory([memory.Source.Block("ram", 0)]), new GuestMemory([memory.Destination.Block("ram", 0)]), encoding, Environment.ProcessorCount);
        return new CompareSample(memory.Bytes / seconds);
    }
}
