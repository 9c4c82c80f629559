using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Linux.Kvm;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Kvm;

/// <summary>Blocks that are a part of their slot, and slots that cannot be tracked.</summary>
[Collection("machine")]
public sealed class KvmMemorySlotTests
{
    private const long Offset = (5L << 20) + (64 * 4096); // Not on a stripe of the slot.
    private const long Length = (20L << 20) + (3 * 4096); // Ends inside a word of the slot's bitmap.

    [SkippableFact]
    public async Task BlockInsideItsSlot_IsTrackedExactly()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Uniform, bytes: 40L << 20);
        var memory = Part(guest.Memory.Blocks[0].Info, Offset, Length);
        using var source = new KvmDirtyLog(guest.Machine.VmFd, memory, [new KvmMemorySlot(0, memory.Blocks[0])
        {
            OffsetInSlot = Offset, SlotLength = 40L << 20,
        }]);
        using var shadow = new ShadowMemory(memory);
        using var marked = new DirtyBitmap(memory);
        guest.Start();
        source.Start();
        marked.SetAll();
        for (var pass = 0; pass < 20; pass++)
        {
            shadow.CopyMarked(marked, source);
            source.Sync(marked);
        }
        GuestProgress.Await(guest, 1000);
        await guest.PauseAsync(default);
        source.Sync(marked);
        Assert.InRange(marked.Count(), 1, memory.PageCount);
        shadow.CopyMarked(marked, source: null);
        Assert.Empty(shadow.Differences());
    }

    [SkippableFact]
    public void Faults_AreAllNamed()
    {
        NeedsKvm.OrSkip();
        using var guest = KvmGuests.Make(DirtyPattern.Uniform);
        var block = guest.Memory.Blocks[0];
        var other = Part(block.Info, 0, 4096).Blocks[0];
        var fault = Assert.Throws<ArgumentException>(() => new KvmDirtyLog(guest.Machine.VmFd, guest.Memory,
        [
            new KvmMemorySlot(0, block) { OffsetInSlot = 4096 },
            new KvmMemorySlot(0, block) { SlotLength = 4096 },
            new KvmMemorySlot(1, other),
        ]));
        Assert.Contains("not a multiple of 262144", fault.Message, StringComparison.Ordinal);
        Assert.Contains("not whole pages that hold block 'ram-low'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Slot 0 is listed 2 times", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'part' is not one of this guest memory", fault.Message, StringComparison.Ordinal);
    }

    private static GuestMemory Part(RamBlockInfo whole, long offset, long length) =>
        new([new RamBlockInfo("part", whole.HostAddress + (nint)offset, length, (ulong)offset)]);
}
