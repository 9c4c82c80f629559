using DataPlane.Guests;
using DataPlane.Guests.Writing;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>Each pattern writes where it says.</summary>
public sealed class DirtyPatternTests
{
    private const int Pages = 16_384;
    private const int HotPages = 1024;
    private const int Writes = 200_000;

    [Fact]
    public void Sequential_MeetsEveryPageInTurn()
    {
        var counts = Count(DirtyPattern.Sequential);
        Assert.Equal(Writes / Pages, counts.Min());
        Assert.Equal((Writes / Pages) + 1, counts.Max());
    }

    [Fact]
    public void Uniform_TreatsPagesAlike()
    {
        var counts = Count(DirtyPattern.Uniform);
        // Expected 12.2 per page: a page that is never met has a chance of 5e-6, one above 40 of 1e-10.
        Assert.InRange(counts.Count(count => count == 0), 0, 3);
        Assert.InRange(counts.Max(), 20, 40);
    }

    [Theory]
    [InlineData(DirtyPattern.HotCold)]
    [InlineData(DirtyPattern.Burst)]
    public void HotCold_NineOfTenInTheWorkingSet(DirtyPattern pattern)
    {
        var counts = Count(pattern);
        var hot = counts.Take(HotPages).Sum() / (double)Writes;
        Assert.InRange(hot, 0.89, 0.92); // 0.9 and its share of the rest.
        Assert.True(counts.Skip(HotPages).Count(count => count > 0) > Pages / 2);
    }

    [Fact]
    public void Zipf_FewPagesOften_ManySeldom_ScatteredOverMemory()
    {
        var counts = Count(DirtyPattern.Zipf);
        var sorted = counts.OrderDescending().ToArray();
        Assert.InRange(sorted.Take(Pages / 100).Sum() / (double)Writes, 0.4, 0.6);
        Assert.InRange(sorted[0] / (double)sorted[9], 5, 20); // About 10 for the ranks 1 and 10.
        Assert.True(counts.Count(count => count > 0) > Pages / 3);
        var often = counts.Select((count, page) => (count, page)).OrderByDescending(entry => entry.count).Take(100).Select(entry => entry.page);
        Assert.InRange(often.Select(page => page / (Pages / 16)).Distinct().Count(), 12, 16);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public void EveryPattern_StaysWithinItsPages(int pages)
    {
        foreach (var pattern in Enum.GetValues<DirtyPattern>().Where(pattern => pattern != DirtyPattern.Replay))
            Assert.True(Count(pattern, pages, 1, 20_000).Length == pages);
    }

    [Fact]
    public void ADriftingHotSet_MovesAsFastAsItIsAskedTo()
    {
        var options = new GuestOptions
        {
            Kind = GuestKind.Synthetic, MemoryBytes = (long)Pages << 12, WorkingSetBytes = (long)HotPages << 12, DirtyBytesPerSecond = 100 << 20, DriftBytesPerSecond = 5 << 20, Seed = 3,
        };
        var hot = Starts(options, 20 * Pages);
        Assert.InRange(hot, 0.99 * Pages, 1.01 * Pages); // A page for each 20 writes.
    }

    private static int[] Count(DirtyPattern pattern) => Count(pattern, Pages, HotPages, Writes);

    private static unsafe int[] Count(DirtyPattern pattern, int pages, int hotPages, int writes)
    {
        var options = new GuestOptions
        {
            Kind = GuestKind.Synthetic, MemoryBytes = (long)pages << 12, WorkingSetBytes = (long)hotPages << 12, Pattern = pattern, Seed = 3,
        };
        Assert.Empty(options.Validate());
        var writer = WriterPlan.Make(options)[0];
        var counts = new int[pages];
        fixed (uint* quantiles = ZipfTable.Make((ulong)pages))
            for (var i = 0; i < writes; i++)
                counts[PageChoice.Next(ref writer, quantiles)]++; // An index outside throws.
        return counts;
    }

    /// <summary>How many pages the hot set has moved on.</summary>
    private static unsafe double Starts(GuestOptions options, int writes)
    {
        var writer = WriterPlan.Make(options)[0];
        double moved = 0;
        for (var i = 0; i < writes; i++)
        {
            var before = writer.HotStart;
            _ = PageChoice.Next(ref writer, null);
            moved += (double)(writer.HotStart >= before ? writer.HotStart - before : writer.HotStart + (writer.Pages << 32) - before);
        }
        return moved / (1UL << 32);
    }
}
