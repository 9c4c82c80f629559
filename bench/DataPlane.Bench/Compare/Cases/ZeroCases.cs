using DataPlane.Bench.Tools;
using DataPlane.Options;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>Memory that is all or half zeros.</summary>
internal static class ZeroCases
{
    private const string Read = "reading the memory";

    public static CompareCase Zero(Network loopback) => new(
        "zero",
        "Zeros in pages that are there on both sides, page tables of both set up, 2 channels, cubic; our destination knows that its memory is fresh, as `receive` does. From the end of the "
        + "setup to the running guest. The baseline is the best of three walks over it by all cores of a process like ours.")
    {
        Contents = MemoryContents.Zero,
        Contenders = memory =>
        [
            Of(Ours, Run(memory, loopback, "--channels", "2") with { State = DestinationMemory.Fresh, Receive = ["--populate", "true"] }),
            Of("dataplane, destination not known to be zeros", Run(memory, loopback, "--channels", "2")),
            new Contender(Read, () => OurRun.ReadAsync(memory)) { IsChecked = false },
            Of(new QemuMigration(memory, loopback)),
            Of(new QemuMigration(memory, loopback) { Channels = 2 }),
        ],
        Goals =
        [
            new Goal("of reading the memory", 0.8, result => result.Ratio(Ours, Read)),
            new Goal("of QEMU's better", 1.9, result => result.Rate(Ours) / result.BestRate(Qemus)),
        ],
    };

    public static CompareCase Half(Network loopback) => new(
        "half",
        "Pages of zeros and of noise in turn, page tables of both sides set up, 2 channels, cubic; zeros where zeros are to come. From the end of the setup to the running guest.")
    {
        Contents = MemoryContents.Half,
        Contenders = memory => [Of(Ours, Run(memory, loopback, "--channels", "2")), .. OfQemus(new QemuMigration(memory, loopback))],
        Goals = [new Goal("of QEMU's best", 1.5, result => result.Rate(Ours) / result.BestRate(Qemus))],
    };
}
