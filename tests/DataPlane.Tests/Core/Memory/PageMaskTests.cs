using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Memory;

public sealed class PageMaskTests
{
    // Words of all kinds: empty, full, and borders of runs in between, so that runs also cross words.
    private static readonly Gen<ulong> Words = Gen.OneOf(
        Gen.Constant(0UL), Gen.Constant(ulong.MaxValue), ArbMap.Default.GeneratorFor<ulong>(),
        Gen.Choose(0, 64).Select(PageMask.FirstBits), Gen.Choose(0, 64).Select(count => ~PageMask.FirstBits(count)));

    [Fact]
    public void Runs_are_those_of_a_walk_bit_by_bit() =>
        PropertyCheck.Holds(Words.ArrayOf(WordsPerStripe).ToArbitrary(), mask =>
        {
            Assert.Equal(NaiveRuns(mask), Runs(mask));
            Assert.Equal(NaiveRuns(mask).Sum(run => run.Count), PageMask.Count(mask));
            Assert.Equal(NaiveRuns(mask).Count == 0, PageMask.IsEmpty(mask));
        }, tests: 2000);

    [Fact]
    public void A_search_may_start_anywhere() =>
        PropertyCheck.Holds(Words.ArrayOf(WordsPerStripe).ToArbitrary(), mask =>
        {
            for (var from = 0; from <= PagesPerStripe; from++)
            {
                var expected = Enumerable.Range(from, PagesPerStripe - from).FirstOrDefault(page => Bit(mask, page), -1);
                Assert.Equal(expected >= 0, PageMask.NextRun(mask, from, out var start, out var count));
                if (expected < 0) continue;
                Assert.Equal(expected, start);
                Assert.All(Enumerable.Range(start, count), page => Assert.True(Bit(mask, page)));
                Assert.True(start + count == PagesPerStripe || !Bit(mask, start + count));
            }
        }, tests: 20);

    [Theory]
    [InlineData(-5, 0UL)]
    [InlineData(0, 0UL)]
    [InlineData(1, 1UL)]
    [InlineData(63, ulong.MaxValue >> 1)]
    [InlineData(64, ulong.MaxValue)]
    [InlineData(500, ulong.MaxValue)]
    public void First_bits_stop_at_the_word(int count, ulong expected) => Assert.Equal(expected, PageMask.FirstBits(count));

    private static List<(int Start, int Count)> Runs(ulong[] mask)
    {
        var runs = new List<(int, int)>();
        for (var page = 0; PageMask.NextRun(mask, page, out var start, out var count); page = start + count)
            runs.Add((start, count));
        return runs;
    }

    private static List<(int Start, int Count)> NaiveRuns(ulong[] mask)
    {
        var runs = new List<(int Start, int Count)>();
        for (var page = 0; page < PagesPerStripe; page++)
        {
            if (!Bit(mask, page)) continue;
            if (runs.Count > 0 && runs[^1].Start + runs[^1].Count == page) runs[^1] = (runs[^1].Start, runs[^1].Count + 1);
            else runs.Add((page, 1));
        }
        return runs;
    }

    private static bool Bit(ulong[] mask, int page) => (mask[page / 64] >> (page % 64) & 1) != 0;
}
