using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Memory;

/// <summary>The sizes lean on each other; the wire format and the bitmap's layout lean on all of them.</summary>
public sealed class PageGeometryTests
{
    [Fact]
    public void A_stripe_is_a_huge_page_and_a_cache_line_of_bitmap()
    {
        Assert.Equal(4096, PageSize);
        Assert.Equal(2 << 20, StripeSize);
        Assert.Equal(64, WordsPerStripe * sizeof(ulong));
        Assert.Equal(PagesPerStripe, WordsPerStripe * 64);
    }
}
