using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Linux.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>
/// What every dirty source promises, held against ground truth: a copy kept up by what the source reports, compared page by page with
/// the memory that something writes all the while.
/// </summary>
public abstract class DirtySourceContract
{
    private const int Workers = 2;

    // More than one chunk of KVM's clears, and a last stripe that is short.
    private const long Bytes = (65L << 20) + (3 * PageGeometry.PageSize);

    /// <summary>Something that writes, and its source; skips the test, with the reason, where that cannot work.</summary>
    private protected abstract ITrackedGuest Make(GuestOptions options);

    private ITrackedGuest Make(DirtyPattern pattern, int vcpus = 1, long rate = 400L << 20, MemoryFill fill = MemoryFill.Random) =>
        Make(new GuestOptions
        {
            MemoryBytes = Bytes,
            Vcpus = vcpus,
            DirtyBytesPerSecond = rate,
            Pattern = pattern,
            WorkingSetBytes = 8L << 20,
            Fill = fill,
            Seed = 11,
            DeviceStateBytes = 0,
        });

    [SkippableTheory]
    [InlineData(DirtyPattern.Uniform)]
    [InlineData(DirtyPattern.HotCold)]
    public async Task WritesAllTheWhile_NoPageIsMissed(DirtyPattern pattern)
    {
        using var guest = Make(pattern, vcpus: 2);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Resume();
        guest.Source.Start();
        marked.SetAll();
        for (var pass = 0; pass < TestSet.Times(25); pass++)
        {
            var threads = Enumerable.Range(0, Workers)
                .Select(worker => Task.Factory.StartNew(
                    () => shadow.CopyMarked(marked, guest.Source, worker, Workers), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))
                .ToArray();
            guest.Source.Sync(marked); // Beside the workers, as the contract allows: what it marks may be claimed and read at once.
            await Task.WhenAll(threads);
            guest.Source.Sync(marked);
        }
        await guest.PauseAsync();
        guest.Source.Sync(marked);
        shadow.CopyMarked(marked, source: null);
        Assert.Empty(shadow.Differences());
        guest.Source.Stop();
    }

    /// <summary>
    /// A page that was read too early is written again sooner or later and so is not lost for good: the comparison follows each round.
    /// </summary>
    [SkippableFact]
    public async Task PagesReadTheMomentTheyAreMarked_NoneIsMissedInAnyRound()
    {
        using var guest = Make(DirtyPattern.HotCold, vcpus: 2, rate: 1600L << 20);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Source.Start();
        marked.SetAll();
        for (var round = 0; round < TestSet.Times(25); round++)
        {
            guest.Resume();
            var syncing = true;
            var reader = Task.Factory.StartNew(
                () =>
                {
                    while (Volatile.Read(ref syncing)) shadow.CopyMarked(marked, guest.Source);
                },
                default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            for (var sync = 0; sync < 10; sync++)
            {
                guest.AwaitWrites(500);
                guest.Source.Sync(marked);
            }
            await guest.PauseAsync();
            Volatile.Write(ref syncing, false);
            await reader;
            guest.Source.Sync(marked);
            shadow.CopyMarked(marked, guest.Source);
            Assert.Empty(shadow.Differences());
        }
    }

    [SkippableFact]
    public async Task WrittenAfterReprotect_IsReported_AndCountedOnce()
    {
        using var guest = Make(DirtyPattern.Uniform, rate: 40L << 20);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, guest.Source);
        for (var round = 0; round < 5; round++)
        {
            guest.Resume();
            guest.AwaitWrites(500);
            await guest.PauseAsync();
            var added = guest.Source.Sync(marked);
            Assert.Equal(added, marked.Count());
            Assert.InRange(added, 1, guest.Memory.PageCount / 2); // Not simply everything.
            shadow.CopyMarked(marked, guest.Source);
            Assert.Empty(shadow.Differences());
        }
    }

    [SkippableFact]
    public async Task NothingWritten_NothingReported()
    {
        using var guest = Make(DirtyPattern.Uniform);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Source.Start();
        Assert.Equal(0, guest.Source.Sync(marked));
        marked.SetAll();
        shadow.CopyMarked(marked, guest.Source); // Reading is not writing.
        Assert.Equal(0, guest.Source.Sync(marked));
        guest.Resume();
        guest.AwaitWrites(500);
        await guest.PauseAsync();
        Assert.NotEqual(0, guest.Source.Sync(marked));
        shadow.CopyMarked(marked, guest.Source);
        Assert.Equal(0, guest.Source.Sync(marked));
    }

    [SkippableFact]
    public async Task CalledOffSwitchover_RestoreLosesNothing()
    {
        using var guest = Make(DirtyPattern.Sequential);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, guest.Source);
        guest.Resume();
        guest.AwaitWrites(300);
        await guest.PauseAsync();
        guest.Source.Sync(marked);
        shadow.CopyMarked(marked, source: null); // The final pass of a switchover that is called off:
        guest.Resume();
        guest.AwaitWrites(20_000); // the guest goes on, over more than all of its pages,
        guest.Source.Restore(marked);
        guest.Source.Sync(marked);
        shadow.CopyMarked(marked, guest.Source); // and is migrated again from what is left.
        await guest.PauseAsync();
        guest.Source.Sync(marked);
        shadow.CopyMarked(marked, guest.Source);
        Assert.Empty(shadow.Differences());
        guest.Source.Restore(marked);
        Assert.Equal(0, marked.Count());
    }

    [SkippableFact]
    public async Task StoppedAndStartedAgain_TracksAgain()
    {
        using var guest = Make(DirtyPattern.Sequential);
        for (var round = 0; round < 3; round++)
        {
            guest.Resume();
            guest.AwaitWrites(200); // Between Stop and Start nothing is to be heard of, and nothing may be in the way.
            await guest.PauseAsync();
            using var shadow = new ShadowMemory(guest.Memory);
            using var marked = new DirtyBitmap(guest.Memory);
            guest.Source.Start();
            marked.SetAll();
            shadow.CopyMarked(marked, guest.Source);
            guest.Resume();
            guest.AwaitWrites(2000);
            await guest.PauseAsync();
            guest.Source.Sync(marked);
            shadow.CopyMarked(marked, guest.Source);
            Assert.Empty(shadow.Differences());
            guest.Source.Stop();
            guest.Source.Stop();
        }
    }

    [SkippableFact]
    public async Task SyncAndReprotect_AllocateNothing()
    {
        using var guest = Make(DirtyPattern.Uniform);
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Resume();
        guest.Source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, guest.Source);
        Rounds(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Rounds(50);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        await guest.PauseAsync();

        void Rounds(int count)
        {
            for (var i = 0; i < count; i++)
            {
                guest.Source.Sync(marked);
                shadow.CopyMarked(marked, guest.Source);
            }
        }
    }

    [SkippableFact]
    public void SparseMemory_StaysSparse()
    {
        using var guest = Make(DirtyPattern.Uniform, rate: 0, fill: MemoryFill.Zero);
        var block = guest.Memory.Blocks[0];
        Assert.True(FileFacts.TryRead(block.Info.Fd, out var before));
        Assert.True((long)before.Blocks * 512 < guest.Memory.ByteCount / 4, "The memory is not sparse to begin with.");
        using var marked = new DirtyBitmap(guest.Memory);
        guest.Source.Start();
        for (var round = 0; round < 3; round++)
        {
            guest.Source.Sync(marked);
            for (var stripe = 0; stripe < guest.Memory.StripeCount; stripe++) guest.Source.Reprotect(stripe);
        }
        guest.Source.Stop();
        Assert.True(FileFacts.TryRead(block.Info.Fd, out var after));
        Assert.Equal(before.Blocks, after.Blocks);
    }
}
