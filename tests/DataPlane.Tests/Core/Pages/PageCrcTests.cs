using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Pages;

public sealed unsafe class PageCrcTests
{
    /// <summary>All bits of a page as one of four, and of a page alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_single_bit_changes_the_sum_of_its_page_and_of_no_other(int count)
    {
        using var pages = new NativePages(count);
        new Random(count).NextBytes(pages.Span);
        var before = Row(pages, count);
        for (var bit = 0; bit < PageSize * 8; bit++)
        {
            var page = bit % count;
            pages.Page(page)[bit / 8] ^= (byte)(1 << (bit % 8));
            var after = Row(pages, count);
            for (var i = 0; i < count; i++) Assert.True(i == page == (before[i] != after[i]), $"Bit {bit} of page {page} and the sum of page {i}.");
            pages.Page(page)[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Any_set_of_pages_of_a_stripe_gets_the_CRC32C_of_each_in_order()
    {
        using var memory = new GuardedMemory(512, 37);
        var random = new Random(3);
        foreach (var block in memory.Memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++) random.NextBytes(GuardedMemory.Page(block, page));
        var sums = stackalloc uint[PagesPerStripe + 1];
        for (var round = 0; round < TestSet.Times(100); round++)
        {
            var block = memory.Memory.Blocks[round % 2];
            var map = new ulong[WordsPerStripe];
            for (var i = 0; i < round; i++) PageMask.SetRun(map, random.Next((int)block.PageCount), 1);
            var count = PageMask.Count(map);
            sums[count] = 0xABCD;
            PageCrc.OfStripe(block, 0, map, sums);
            var at = 0;
            for (var page = 0; page < block.PageCount; page++)
                if ((map[page / 64] >> (page % 64) & 1) != 0) Assert.Equal(Crc32c.Of(GuardedMemory.Page(block, page)), sums[at++]);
            Assert.Equal((count, 0xABCDu), (at, sums[count]));
        }
    }

    private static uint[] Row(NativePages pages, int count)
    {
        var sums = new uint[count];
        fixed (uint* to = sums) PageCrc.OfRow(pages.Address, count, to);
        for (var i = 0; i < count; i++) Assert.Equal(PageCrc.Of(pages.Page(i)), sums[i]);
        return sums;
    }
}
