using DataPlane.Bench.Tools;
using DataPlane.Options;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>A destination whose memory is there, in a file that has all its pages, but in no page table: what a user has who did nothing.</summary>
internal static class UnmappedCases
{
    private const string Populating = "dataplane, page tables first";

    public static CompareCase OutOfTheBox(bool hugePages) => new(
        hugePages ? "out-of-the-box-2MiB" : "out-of-the-box",
        $"Random pages, default options of each (QEMU's cap of 128 MiB/s lifted), the host's congestion control ({Machine.Congestion}); the source's page tables set up, as those of a guest "
        + "that has run, the destination's pages there but unmapped. From the connect to the running guest.")
    {
        HugePages = hugePages,
        Contenders = memory =>
        [
            Of(Ours, Run(memory, Network.Own) with { State = DestinationMemory.Unmapped, FromConnect = true }),
            Of(Default(memory)),
            Of(Default(memory) with { Channels = 2 }, ", its default number"),
        ],
        Goals = [new Goal("of QEMU's better", hugePages ? 3 : 2, result => result.Rate(Ours) / result.BestRate(Qemus))],
    };

    public static CompareCase Tuned(Network loopback) => new(
        "unmapped-tuned",
        "Random pages, cubic, ours with 2 channels; the source's page tables set up, the destination's pages there but unmapped. From the connect to the running guest.")
    {
        Contenders = memory =>
        [
            Of(Ours, Tuned(memory, loopback)),
            Of(Populating, Tuned(memory, loopback) with { Receive = ["--populate", "true"] }),
            .. OfQemus(new QemuMigration(memory, loopback) { DestinationMapped = false }),
            Of(new QemuMigration(memory, loopback) { DestinationMapped = false, Channels = 4, DowntimeLimit = 20 }, ", downtime-limit 20"),
            new Contender("C pair, unmapped", () => BareCPair.RunAsync(memory, loopback, 2, mapped: false)) { Missing = BareCPair.Missing },
        ],
        Goals = [new Goal("our better of QEMU's best", 1.6, result => result.BestRate(Ours) / result.BestRate(Qemus))],
    };

    private static QemuMigration Default(GuestFiles memory) => new(memory, Network.Own) { DestinationMapped = false, IsSeenToRun = true };

    private static OurRun Tuned(GuestFiles memory, Network loopback) =>
        Run(memory, loopback, "--channels", "2") with { State = DestinationMemory.Unmapped, FromConnect = true };
}
