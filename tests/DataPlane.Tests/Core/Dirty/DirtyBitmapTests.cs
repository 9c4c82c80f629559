using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Dirty;

public sealed class DirtyBitmapTests
{
    [Fact]
    public void Marking_all_of_a_short_last_stripe_marks_only_pages_that_exist()
    {
        using var bitmap = new DirtyBitmap(AddressOnlyMemory.OfPages(1, 515));
        bitmap.SetAll();
        Assert.Equal(516, bitmap.Count());
        Assert.Equal([1, 512, 3], ClaimAll(bitmap));
        Assert.Equal(0, bitmap.Count());
    }

    [Fact]
    public void Blocks_around_a_hole_do_not_share_a_stripe()
    {
        const long Gigabyte = 1L << 30;
        var memory = new GuestMemory([
            new RamBlockInfo("low", 0x6000_0000, 3 * Gigabyte, 0),
            new RamBlockInfo("high", 0x1000_0000, Gigabyte, 4 * (ulong)Gigabyte),
        ]);
        using var bitmap = new DirtyBitmap(memory);
        bitmap.Set(memory.Blocks[0], memory.Blocks[0].PageCount - 1, 1);
        bitmap.Set(memory.Blocks[1], 0, 1);
        Assert.True(bitmap.Any(1535));
        Assert.True(bitmap.Any(1536));
        Assert.Equal(2, bitmap.Count());
        Assert.Same(memory.Blocks[1], memory.BlockOfStripe(1536));
        Assert.False(bitmap.IsSet(memory.Blocks[1], 1));
    }

    [Theory]
    [InlineData(0, 40, 3)] // The last page of a stripe.
    [InlineData(3, 40, 3)]
    [InlineData(4, 40, 17)]
    [InlineData(4, 17, 17)] // Behind the end, as if there were none.
    [InlineData(18, 40, 40)]
    [InlineData(40, 40, 40)]
    public void The_first_marked_stripe_of_a_range_is_found_or_its_end(int from, int end, int first)
    {
        var memory = AddressOnlyMemory.OfPages(40 * PagesPerStripe);
        using var bitmap = new DirtyBitmap(memory);
        bitmap.Set(memory.Blocks[0], (4 * PagesPerStripe) - 1, 1);
        bitmap.Set(memory.Blocks[0], (17 * PagesPerStripe) + 70, 1);
        Assert.Equal(first, bitmap.FirstMarked(from, end));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(2, 1)]
    [InlineData(0, 3)]
    public void A_range_outside_the_guest_is_not_searched(int from, int end)
    {
        using var bitmap = new DirtyBitmap(AddressOnlyMemory.OfPages(2 * PagesPerStripe));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.FirstMarked(from, end));
    }

    [Fact]
    public void A_guest_of_1_TiB_is_numbered_to_its_last_page()
    {
        const long Pages = (1L << 40) / PageSize;
        var memory = AddressOnlyMemory.OfPages((Pages / 2) + 1, (Pages / 2) - 1);
        using var bitmap = new DirtyBitmap(memory);
        Assert.Equal(Pages, memory.PageCount);
        Assert.Equal((524_288 + 1) * WordsPerStripe, bitmap.WordCount);
        var last = memory.Blocks[1];
        bitmap.Set(last, last.PageCount - 1, 1);
        bitmap.Set(memory.Blocks[0], memory.Blocks[0].PageCount - 1, 1);
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        Assert.Equal(1, bitmap.Claim(memory.StripeCount - 1, claimed));
        Assert.Equal(1UL << 62, claimed[7]);
        Assert.Equal(1, bitmap.Claim(memory.Blocks[0].StripeCount - 1, claimed));
        Assert.Equal(1UL, claimed[0]);
        bitmap.SetAll();
        Assert.Equal(Pages, bitmap.Count());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 515)]
    [InlineData(514, 1)]
    [InlineData(0, -1)]
    [InlineData(1, long.MaxValue)]
    public void Pages_outside_the_block_are_refused(long page, long count)
    {
        var memory = AddressOnlyMemory.OfPages(514, 1000);
        using var bitmap = new DirtyBitmap(memory);
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.Set(memory.Blocks[0], page, count));
        Assert.Equal(0, bitmap.Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Stripes_outside_the_guest_are_refused(int stripe)
    {
        using var bitmap = new DirtyBitmap(AddressOnlyMemory.OfPages(514));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.Claim(stripe, new ulong[WordsPerStripe]));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.Or(stripe, new ulong[WordsPerStripe]));
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.Any(stripe));
    }

    [Fact]
    public void A_disposed_bitmap_refuses_instead_of_touching_freed_memory()
    {
        var memory = AddressOnlyMemory.OfPages(1L << 28);
        var bitmap = new DirtyBitmap(memory);
        bitmap.Dispose();
        bitmap.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bitmap.Set(memory.Blocks[0], (1L << 28) - 1, 1));
        Assert.Throws<ObjectDisposedException>(() => bitmap.IsSet(memory.Blocks[0], (1L << 28) - 1));
        Assert.Throws<ObjectDisposedException>(() => bitmap.Claim(0, new ulong[WordsPerStripe]));
        Assert.Throws<ObjectDisposedException>(() => bitmap.Count());
    }

    private static int[] ClaimAll(DirtyBitmap bitmap)
    {
        var claimed = new ulong[WordsPerStripe];
        return [.. Enumerable.Range(0, bitmap.Memory.StripeCount).Select(stripe => bitmap.Claim(stripe, claimed))];
    }
}
