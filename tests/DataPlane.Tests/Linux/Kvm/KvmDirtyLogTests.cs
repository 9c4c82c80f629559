using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Guests.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Kvm;

/// <summary>KVM's dirty log against ground truth: what the guest really changed, page by page.</summary>
[Collection("machine")]
public sealed class KvmDirtyLogTests
{
    private const int Workers = 2;

    [SkippableTheory]
    [InlineData(DirtyPattern.Uniform)]
    [InlineData(DirtyPattern.Sequential)]
    [InlineData(DirtyPattern.HotCold)]
    [InlineData(DirtyPattern.Zipf)]
    public async Task GuestWritesAllTheWhile_NoPageIsMissed(DirtyPattern pattern)
    {
        NeedsKvm.OrSkip();
        // More than one chunk, and a last stripe that is short.
        using var guest = KvmGuests.Make(pattern, bytes: (97L << 20) + (3 * 4096), vcpus: 2);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("protect");
        guest.Start();
        source.Start();
        marked.SetAll();
        for (var pass = 0; pass < 30; pass++)
        {
            var threads = Enumerable.Range(0, Workers)
                .Select(worker => Task.Factory.StartNew(
                    () => shadow.CopyMarked(marked, source, worker, Workers), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))
                .ToArray();
            source.Sync(marked); // Beside the workers' claims and clears, as the contract allows.
            await Task.WhenAll(threads);
            source.Sync(marked);
        }
        await guest.PauseAsync(default);
        source.Sync(marked);
        shadow.CopyMarked(marked, source: null); // Once the guest stands, nothing is cleared any more.
        Assert.Empty(shadow.Differences());
        Assert.True(guest.CheckInvariant().Holds);
        source.Stop();
    }

    [SkippableFact]
    public async Task StoppedGuest_ReportIsExactlyWhatChanged()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Uniform, rate: 40L << 20);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("protect");
        source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, source);
        for (var round = 0; round < 5; round++)
        {
            guest.Start();
            GuestProgress.Await(guest, 300);
            await guest.PauseAsync(default);
            var added = source.Sync(marked);
            var block = guest.Memory.Blocks[0];
            long changed = 0;
            var over = new List<long>();
            for (long page = 0; page < block.PageCount; page++)
            {
                var same = shadow.Same(block, page);
                changed += same ? 0 : 1;
                if (same && marked.IsSet(block, page)) over.Add(page);
                Assert.True(same || marked.IsSet(block, page), $"Page {page} changed and is not reported.");
            }
            // KVM reports a page when it maps it writable: also the guest's code and tables, for a read or a fetch, and the one
            // page for which the vCPU was stopped between the fault and the write.
            Assert.InRange(over.Count(page => page >= GuestLayout.SystemBytes >> 12), 0, 1);
            Assert.Equal(changed + over.Count, added);
            Assert.Equal(added, marked.Count());
            shadow.CopyMarked(marked, source);
        }
    }

    [SkippableFact]
    public async Task Start_ReportsNothingByItself()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Uniform);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("auto");
        Assert.Equal("protect+explicit", source.Name);
        source.Start();
        Assert.Equal(0, source.Sync(marked));
        guest.Start();
        GuestProgress.Await(guest, 100);
        await guest.PauseAsync(default);
        Assert.Equal(0, source.Sync(marked)); // Nothing was cleared: all pages still wait to be claimed for the first time.
    }

    [SkippableFact]
    public async Task StoppedAndStartedAgain_TracksAgain()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Sequential);
        for (var round = 0; round < 3; round++)
        {
            using var shadow = new ShadowMemory(guest.Memory);
            using var marked = new DirtyBitmap(guest.Memory);
            using var source = guest.CreateDirtySource("protect");
            source.Start();
            marked.SetAll();
            shadow.CopyMarked(marked, source);
            guest.Start();
            GuestProgress.Await(guest, 200);
            await guest.PauseAsync(default);
            source.Sync(marked);
            shadow.CopyMarked(marked, source);
            Assert.Empty(shadow.Differences());
            source.Stop();
        }
    }

    [SkippableFact]
    public async Task Restore_MarksWhatWasReportedButNotProtected_UntilItIs()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Sequential);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("protect");
        source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, source);
        guest.Start();
        GuestProgress.Await(guest, 300);
        await guest.PauseAsync(default);

        var reported = source.Sync(marked);
        Assert.Equal(reported, shadow.CopyMarked(marked, source: null)); // The final pass of a switchover that is called off:
        await guest.ResumeAsync(default);
        GuestProgress.Await(guest, 20_000); // the guest goes on, over more than all of its pages,
        source.Restore(marked);
        Assert.Equal(reported, marked.Count());
        source.Sync(marked);
        shadow.CopyMarked(marked, source); // and is migrated again from what is left.
        await guest.PauseAsync(default);
        source.Sync(marked);
        shadow.CopyMarked(marked, source);
        Assert.Empty(shadow.Differences());

        source.Restore(marked);
        Assert.Equal(0, marked.Count());
    }

    [SkippableFact]
    public async Task SyncAndReprotect_AllocateNothing()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Uniform, rate: 400L << 20);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("protect");
        guest.Start();
        source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, source);
        Rounds(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(50);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        await guest.PauseAsync(default);

        void Rounds(int count)
        {
            for (var i = 0; i < count; i++)
            {
                source.Sync(marked);
                shadow.CopyMarked(marked, source);
            }
        }
    }

    [SkippableFact]
    public async Task GuestWithAHole_ReportsBothBlocks()
    {
        NeedsKvm.OrSkip();
        // Zeros in an anonymous memory file: only what the guest writes becomes real memory.
        using var guest = KvmGuests.Make(DirtyPattern.Uniform, bytes: (3L << 30) + (512L << 20), fill: MemoryFill.Zero, rate: 20L << 20);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("protect");
        Assert.Equal(["ram-low", "ram-high"], guest.Memory.Blocks.Select(block => block.Info.Name));
        Assert.Equal(4UL << 30, guest.Memory.Blocks[1].Info.GuestAddress);
        source.Start();
        for (var stripe = 0; stripe < guest.Memory.StripeCount; stripe++) source.Reprotect(stripe);
        guest.Start();
        GuestProgress.Await(guest, 500);
        await guest.PauseAsync(default);
        source.Sync(marked);
        foreach (var block in guest.Memory.Blocks)
            Assert.Contains(Enumerable.Range(0, block.StripeCount), stripe => marked.Any(block.FirstStripe + stripe));
        var report = guest.CheckInvariant();
        Assert.True(report.Holds, report.ToString());
    }
}
