using DataPlane.Core.Memory;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Memory;

public sealed class DiscardMapTests
{
    private const int Pages = 1000;
    private static readonly bool[] _both = [true, false];

    /// <summary>Against an array of bools, for what is asked one by one, in runs, and by stripes.</summary>
    [Fact]
    public void It_is_what_was_said_last_of_each_page()
    {
        var random = new Random(5);
        using var map = new DiscardMap(Pages);
        var model = new bool[Pages];
        var mask = new ulong[8];
        for (var round = 0; round < TestSet.Times(200); round++)
        {
            var (page, discards) = (random.Next(Pages), random.Next(2) == 0);
            var count = random.Next(Pages - page + 1);
            if (discards) map.Discard(page, count);
            else map.Populate(page, count);
            model.AsSpan(page, count).Fill(discards);

            Assert.Equal(model[page], map.IsDiscarded(page));
            foreach (var discarded in _both)
            {
                var next = Array.IndexOf(model, discarded, page);
                Assert.Equal(next < 0 ? Pages : next, map.Next(page, discarded));
            }
            Array.Fill(mask, ulong.MaxValue);
            map.KeepDiscarded(1, mask);
            for (var at = 512; at < 1024; at++)
                Assert.Equal(at < Pages && model[at], (mask[(at - 512) >> 6] >> (at & 63) & 1) != 0);
        }
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, Pages + 1)]
    [InlineData(Pages, 1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Pages_that_it_does_not_speak_of_are_refused(long page, long count)
    {
        using var map = new DiscardMap(Pages);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Discard(page, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Populate(page, count));
        map.Discard(Pages, 0);
        Assert.Equal(Pages, map.Next(0, discarded: true));
    }

    [Fact]
    public void It_ends_with_its_owner()
    {
        var map = new DiscardMap(1);
        map.Dispose();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.IsDiscarded(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiscardMap(0));
    }
}
