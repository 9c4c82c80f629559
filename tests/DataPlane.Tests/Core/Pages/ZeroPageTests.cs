using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Pages;

/// <summary>All three paths run on every machine: without the hardware the vector types compute the same in software.</summary>
public sealed unsafe class ZeroPageTests
{
    public static readonly TheoryData<string> Paths = ["512", "256", "scalar", "chosen"];

    [Theory]
    [MemberData(nameof(Paths))]
    public void One_byte_anywhere_in_the_page_is_found(string path)
    {
        using var pages = new NativePages(1);
        foreach (var value in new byte[] { 1, 0x80, 0xff })
        {
            for (var position = 0; position < PageSize; position++)
            {
                pages.Address[position] = value;
                Assert.False(IsZero(path, pages.Address), $"{path}: byte {position} = {value} was missed.");
                pages.Address[position] = 0;
                Assert.True(IsZero(path, pages.Address));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Neighbouring_pages_are_not_looked_at(string path)
    {
        using var pages = new NativePages(3);
        pages.Span.Fill(0xff);
        pages.Span.Slice(PageSize, PageSize).Clear();
        Assert.True(IsZero(path, pages.Page(1)));
        Assert.False(IsZero(path, pages.Page(0)));
        Assert.False(IsZero(path, pages.Page(2)));
    }

    [Fact]
    public void A_stripe_yields_the_claimed_pages_that_are_zero()
    {
        using var stripe = new NativePages(PagesPerStripe);
        PropertyCheck.Holds<(int Fill, int Claim)>(seeds =>
        {
            var random = new Random(seeds.Fill);
            var dirty = new bool[PagesPerStripe];
            stripe.Span.Clear();
            for (var page = 0; page < PagesPerStripe; page++)
                if (dirty[page] = random.Next(2) == 0)
                    stripe.Page(page)[random.Next(PageSize)] = (byte)random.Next(1, 256);
            var claimed = new ulong[WordsPerStripe];
            new Random(seeds.Claim).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(claimed.AsSpan()));
            claimed[seeds.Claim & 7] = 0;
            claimed[(seeds.Claim + 1) & 7] = ulong.MaxValue;

            var zero = new ulong[WordsPerStripe];
            zero.AsSpan().Fill(ulong.MaxValue);
            var count = ZeroPage.Find(stripe.Address, claimed, zero);

            Assert.Equal(PageMask.Count(zero), count);
            for (var page = 0; page < PagesPerStripe; page++)
                Assert.Equal(Bit(claimed, page) && !dirty[page], Bit(zero, page));
        }, tests: 50);
    }

    private static bool IsZero(string path, byte* page) => path switch
    {
        "512" => ZeroPage.IsZero512(page),
        "256" => ZeroPage.IsZero256(page),
        "scalar" => ZeroPage.IsZeroScalar(page),
        _ => ZeroPage.IsZero(page),
    };

    private static bool Bit(ulong[] mask, int page) => (mask[page / 64] >> (page % 64) & 1) != 0;
}
