using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Guests.Kvm;
using DataPlane.Linux.Kvm;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Kvm;

/// <summary>
/// Why the clear mask is exactly what was reported. The guest writes A, A is read from the log, the guest writes B, and only then
/// is the log cleared: B has been written and nobody has been told.
/// </summary>
[Collection("machine")]
public sealed class KvmClearMaskTests
{
    [SkippableFact]
    public async Task MaskOfWhatWasReported_KeepsThePagesWrittenSince() =>
        Assert.Empty(await UnreportedAfter(static (_, source, memory) =>
        {
            for (var stripe = 0; stripe < memory.StripeCount; stripe++) source.Reprotect(stripe);
        }));

    [SkippableFact]
    public async Task WiderMask_LosesThePagesWrittenSince() =>
        Assert.NotEmpty(await UnreportedAfter(static (guest, _, memory) => ClearEverything(guest, memory.Blocks[0].PageCount)));

    /// <summary>
    /// The pages that changed after the first report, and that the second one, made after <paramref name="clear"/>, does not
    /// name.
    /// </summary>
    private static async Task<List<long>> UnreportedAfter(Action<KvmGuest, IDirtySource, GuestMemory> clear)
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Sequential, rate: 8L << 20);
        var block = guest.Memory.Blocks[0];
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("protect");
        source.Start();
        marked.SetAll();
        shadow.CopyMarked(marked, source);

        await Run(guest, 200);
        source.Sync(marked); // A is reported,
        var first = Pages(block).Where(page => marked.IsSet(block, page)).ToHashSet();
        shadow.CopyMarked(marked, source: null); // claimed and read, ahead of the clear: an order that only this test has.
        await Run(guest, 200); // B is written,
        clear(guest, source, guest.Memory); // and the log cleared.
        source.Sync(marked);
        // A itself is left out: the page that the first run stopped in, and the guest's own counters, go on changing after they
        // were read.
        return [.. Pages(block).Where(page => !first.Contains(page) && !shadow.Same(block, page) && !marked.IsSet(block, page))];
    }

    private static IEnumerable<long> Pages(RamBlock block) => Enumerable.Range(0, (int)block.PageCount).Select(page => (long)page);

    private static async Task Run(KvmGuest guest, long writes)
    {
        await guest.ResumeAsync(default);
        GuestProgress.Await(guest, writes);
        await guest.PauseAsync(default);
    }

    private static unsafe void ClearEverything(KvmGuest guest, long pages)
    {
        var mask = new ulong[(pages + 63) / 64];
        mask.AsSpan().Fill(ulong.MaxValue);
        fixed (ulong* words = mask)
            KvmVmCalls.ClearLog(guest.Machine.VmFd, 0, 0, pages, words);
    }
}
