using DataPlane.Core.Pages;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Pages;

public sealed unsafe class PageChecksumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Every_single_bit_changes_the_sum(int seed)
    {
        using var page = Page(seed);
        var sum = PageChecksum.Of(page.Address);
        for (var bit = 0; bit < PageSize * 8; bit++)
        {
            page.Address[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(sum != PageChecksum.Of(page.Address), $"Bit {bit} was missed.");
            page.Address[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal(sum, PageChecksum.Of(page.Address));
    }

    [Fact]
    public void Words_that_change_places_change_the_sum()
    {
        using var page = Page(2);
        var words = (ulong*)page.Address;
        var sum = PageChecksum.Of(page.Address);
        for (var distance = 1; distance <= 2; distance++)
        {
            for (var i = 0; i + distance < PageSize / 8; i++)
            {
                (words[i], words[i + distance]) = (words[i + distance], words[i]);
                Assert.NotEqual(sum, PageChecksum.Of(page.Address));
                (words[i], words[i + distance]) = (words[i + distance], words[i]);
            }
        }
    }

    /// <summary>Both sides of a comparison may be different machines: the sum is the CRC, not what one CPU makes of it.</summary>
    [Fact]
    public void The_sum_is_two_CRC32C_computed_bit_by_bit()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var page = Page(seed);
            uint even = 0, odd = uint.MaxValue;
            for (var offset = 0; offset < PageSize; offset++)
            {
                ref var crc = ref offset / 8 % 2 == 0 ? ref even : ref odd;
                crc ^= page.Address[offset];
                for (var bit = 0; bit < 8; bit++)
                    crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
            }
            Assert.Equal(((ulong)odd << 32) | even, PageChecksum.Of(page.Address));
        }
    }

    // Seed 0 is the page of zeros: the one every guest has most of.
    private static NativePages Page(int seed)
    {
        var page = new NativePages(1);
        if (seed != 0) new Random(seed).NextBytes(page.Span);
        return page;
    }
}
