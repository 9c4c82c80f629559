using DataPlane.Bench.Tools;
using DataPlane.Core.Memory;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>The headline: noise between populated memories.</summary>
internal static class RandomCase
{
    private const string LargeWrites = "iperf3 -P 2 -C cubic -l 512K";

    public static CompareCase Make(Network loopback) => new(
        "random",
        "Random pages, page tables of both sides set up, cubic, 2 channels; from the end of the setup to the running guest. iperf3 sends one small buffer again and again.")
    {
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", "2")),
            OfPair(memory, loopback, 2),
            .. OfQemus(new QemuMigration(memory, loopback)),
            OfIperf3(loopback, "-l", "512K"),
            OfIperf3(loopback, "-Z"),
            Of("dataplane --integrity pages", Run(memory, loopback, "--channels", "2", "--integrity", "Pages")),
        ],
        Goals =
        [
            new Goal("of the C pair", 0.95, result => result.Ratio(Ours, Pair)),
            new Goal("of QEMU's best channel count", 1.3, result => result.Rate(Ours) / result.BestRate(Qemus)),
            new Goal("of iperf3 -l 512K", 1.4, result => result.Ratio(Ours, LargeWrites)),
            new Goal("CPU-s/GB, both sides", 0.25, result => result.Cpu(Ours)) { IsAtMost = true },
            new Goal("CPU-s/GB, source alone", 0.08, result => result.Median(Ours, sample => sample.SourceCpu)) { IsAtMost = true },
            new Goal(
                "managed bytes a stripe, whole source process, first to last pass", 0,
                result => result.Median(Ours, sample => sample.Allocated) / (result.Bytes / PageGeometry.StripeSize)) { IsAtMost = true },
            new Goal("garbage collections of the source, first pass to the stop", 0, result => result.Median(Ours, sample => sample.Collections)) { IsAtMost = true },
        ],
    };
}
