using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Guests.Kvm;
using DataPlane.Linux.Kvm;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>Rings that run full: the vCPU is held back until its thread has had them emptied, and nothing is lost.</summary>
[Collection("machine")]
public sealed class KvmRingFullTests
{
    private const int SmallestRing = 1024;

    private static GuestOptions Options => new()
    {
        Kind = GuestKind.Kvm,
        MemoryBytes = 64L << 20,
        Vcpus = 2,
        DirtyBytesPerSecond = 800L << 20,
        Pattern = DirtyPattern.Sequential,
        Fill = MemoryFill.Random,
        DirtySource = "ring",
        DirtyRingEntries = SmallestRing,
    };

    [SkippableFact]
    public async Task NobodySyncs_GuestGoesOn_AndEveryPageIsReportedInTheEnd()
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, "ring");
        using var guest = (KvmGuest)Guest.CreateSource(Options);
        using var source = guest.CreateDirtySource("auto");
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        Assert.Equal("ring+explicit", source.Name);
        source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, source);
        guest.Start();
        GuestProgress.Await(guest, 8 * SmallestRing); // Each write is to another page.
        await guest.PauseAsync(default);
        Assert.InRange(guest.Machine.Ring!.FullExits, 2, long.MaxValue);
        Assert.InRange(source.Sync(marked), 8 * SmallestRing, guest.Memory.PageCount);
        shadow.CopyMarked(marked, source: null);
        Assert.Empty(shadow.Differences());
    }

    [SkippableFact]
    public void StopWhileFull_LetsTheVcpusGoOn()
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, "ring");
        using var guest = Guest.CreateSource(Options);
        guest.Start();
        for (var round = 0; round < 5; round++)
        {
            using var source = guest.CreateDirtySource("ring");
            source.Start();
            GuestProgress.Await(guest, 3 * SmallestRing);
            source.Stop();
            GuestProgress.Await(guest, 3 * SmallestRing);
        }
    }

    [SkippableFact]
    public void SizesThatNoKernelTakes_AreRefusedByName()
    {
        NeedsDirtySource.OrSkip(GuestKind.Kvm, "ring");
        using var device = KvmDevice.Open();
        using var vm = device.CreateVm();
        Assert.Contains("power of two", Assert.Throws<ArgumentException>(() => KvmDirtyRing.Enable(vm.Fd, 1500)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => KvmDirtyRing.Enable(vm.Fd, 512));
        Assert.Throws<ArgumentOutOfRangeException>(() => KvmDirtyRing.Enable(vm.Fd, 1 << 17));
    }
}
