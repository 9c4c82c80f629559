using DataPlane.Bench.Qemu;
using DataPlane.Bench.Tools;
using DataPlane.Guests;
using static DataPlane.Bench.Compare.Cases.Contenders;

namespace DataPlane.Bench.Compare.Cases;

/// <summary>A guest that writes page after page as fast as it can while its memory is sent.</summary>
internal static class DirtyingCase
{
    public static CompareCase Make(Network loopback) => new(
        "dirtying",
        "Random pages, page tables of both sides set up, 2 channels, cubic; a KVM guest with one vCPU writes page after page of all its memory (QEMU's, up to 3 GiB) at full speed. Memory sent "
        + "per second of the first pass: later passes have but what the guest has written meanwhile.")
    {
        Contenders = memory =>
        [
            new Contender(Ours, () => DirtyingRun.OursAsync(memory, loopback)) { IsChecked = false, Missing = Guest.KvmWorks(out var missing) ? null : missing },
            .. _channels.Select(channels => new Contender(
                channels is null ? $"{Qemus}, no multifd" : $"{Qemus}, multifd {channels}", () => DirtyingRun.QemusAsync(memory, loopback, channels))
                { IsChecked = false, Missing = QemuProcess.Missing ?? (Guest.KvmWorks(out var missing) ? null : missing) }),
        ],
        Goals = [new Goal("of QEMU's best", 1.5, result => result.Rate(Ours) / result.BestRate(Qemus))],
    };

    private static readonly int?[] _channels = [null, 1, 2, 4];
}
