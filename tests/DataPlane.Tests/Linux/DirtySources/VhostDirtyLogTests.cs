using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Vhost;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Linux.DirtySources;

/// <summary>Which bit of vhost's log is which page.</summary>
public sealed unsafe class VhostDirtyLogTests
{
    private static readonly GuestMemory Memory = new(
    [
        new RamBlockInfo("low", 0x10000000, 1000 * PageSize, 3 * PageSize),
        new RamBlockInfo("high", 0x40000000, 600 * PageSize, 1010 * PageSize),
        new RamBlockInfo("aligned", 0x70000000, 512 * PageSize, 4096UL * PageSize),
    ]);

    [Fact]
    public void EachPage_HasTheBitOfItsGuestAddress()
    {
        using var log = new VhostDirtyLog(Memory);
        using var marked = new DirtyBitmap(Memory);
        foreach (var block in Memory.Blocks)
            for (long page = 0; page < block.PageCount; page++)
            {
                var guestPage = (long)(block.Info.GuestAddress >> PageShift) + page;
                ((byte*)log.Address)[guestPage / 8] |= (byte)(1 << (int)(guestPage % 8));
                Assert.Equal(1, log.Sync(marked));
                Assert.True(marked.IsSet(block, page));
                Assert.Equal(0, log.Sync(marked));
            }
        Assert.Equal(Memory.PageCount, marked.Count());
    }

    [Fact]
    public void RandomBits_AreTheModels() =>
        PropertyCheck.Holds<int>(
            seed =>
            {
                var random = new Random(seed);
                using var log = new VhostDirtyLog(Memory, PageSize);
                using var marked = new DirtyBitmap(Memory);
                var bytes = new Span<byte>((byte*)log.Address, (int)log.Length);
                random.NextBytes(bytes);
                var given = bytes.ToArray();
                var added = log.Sync(marked);
                Assert.Equal(added, marked.Count());
                foreach (var block in Memory.Blocks)
                    for (long page = 0; page < block.PageCount; page++)
                    {
                        var guestPage = (int)(block.Info.GuestAddress >> PageShift) + (int)page;
                        Assert.Equal((given[guestPage / 8] >> (guestPage % 8) & 1) != 0, marked.IsSet(block, page));
                        given[guestPage / 8] &= (byte)~(1 << (guestPage % 8));
                    }
                Assert.True(bytes.SequenceEqual(given), "The log keeps exactly the bits that stand for no page.");
            },
            tests: 20);

    [Fact]
    public void Start_ForgetsWhatWasMarkedBefore()
    {
        using var log = new VhostDirtyLog(Memory);
        using var marked = new DirtyBitmap(Memory);
        new Span<byte>((byte*)log.Address, (int)log.Length).Fill(0xFF);
        log.Start();
        Assert.Equal(0, log.Sync(marked));
    }

    [Fact]
    public void OffsetOfHalfAPage_IsRefused() => Assert.Throws<ArgumentException>(() => new VhostDirtyLog(Memory, 100));
}
