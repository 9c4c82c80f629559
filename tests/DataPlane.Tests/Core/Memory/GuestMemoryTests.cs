using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Memory;

public sealed unsafe class GuestMemoryTests
{
    private static readonly GuestMemory Memory = AddressOnlyMemory.OfPages(1, 513, 1024);

    [Fact]
    public void Every_block_starts_a_stripe_of_its_own()
    {
        Assert.Equal([0, 1, 3], Memory.Blocks.Select(block => block.FirstStripe));
        Assert.Equal([1, 2, 2], Memory.Blocks.Select(block => block.StripeCount));
        Assert.Equal([0L, 512L, 1536L], Memory.Blocks.Select(block => block.FirstPage));
        Assert.Equal(5, Memory.StripeCount);
        Assert.Equal(1538, Memory.PageCount);
        Assert.Equal(1538 * 4096, Memory.ByteCount);
    }

    [Fact]
    public void Every_stripe_finds_its_block()
    {
        for (var stripe = 0; stripe < Memory.StripeCount; stripe++)
        {
            var block = Memory.BlockOfStripe(stripe);
            Assert.InRange(stripe, block.FirstStripe, block.FirstStripe + block.StripeCount - 1);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Memory.BlockOfStripe(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Memory.BlockOfStripe(5));
    }

    [Fact]
    public void A_short_stripe_has_only_the_pages_that_exist()
    {
        Assert.Equal([1], Enumerable.Range(0, 1).Select(Memory.Blocks[0].PagesInStripe));
        Assert.Equal([512, 1], Enumerable.Range(0, 2).Select(Memory.Blocks[1].PagesInStripe));
        var mask = new ulong[WordsPerStripe];
        GuestMemory.ExistingPages(Memory.Blocks[1], 1, mask);
        Assert.Equal([1UL, 0, 0, 0, 0, 0, 0, 0], mask);
        GuestMemory.ExistingPages(Memory.Blocks[1], 0, mask);
        Assert.Equal(512, PageMask.Count(mask));
    }

    /// <summary>Numbers as a peer could send them: whatever they are, the address is inside the block or there is none.</summary>
    [Fact]
    public void An_address_lies_inside_its_block_or_is_refused() =>
        PropertyCheck.Holds<(int Block, int Stripe, int Page, int Count)>(ask =>
        {
            var block = Memory.Blocks[(int)((uint)ask.Block % 3)];
            var first = ((long)ask.Stripe * PagesPerStripe) + ask.Page;
            var inside = ask is { Stripe: >= 0, Page: >= 0, Count: > 0 }
                && (long)ask.Page + ask.Count <= PagesPerStripe && first + ask.Count <= block.PageCount;
            if (inside)
                Assert.Equal(block.Info.HostAddress + (nint)(first * PageSize), (nint)GuestMemory.Pages(block, ask.Stripe, ask.Page, ask.Count));
            else
                Assert.Throws<ArgumentOutOfRangeException>(() => (nint)GuestMemory.Pages(block, ask.Stripe, ask.Page, ask.Count));
        }, tests: 2000);

    [Theory]
    [InlineData(0, 0, 513)]
    [InlineData(0, 511, 2)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(int.MaxValue, 0, 1)]
    [InlineData(0, int.MaxValue, 1)]
    [InlineData(0, 1, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Pages_across_a_border_are_refused(int stripe, int page, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => (nint)GuestMemory.Pages(Memory.Blocks[1], stripe, page, count));
}
