using DataPlane.Core.Dirty;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

/// <summary>Every stripe has one channel, whatever the channels' speeds, and each finds its own again in every round.</summary>
public sealed class StripeWalkTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(7, 2)]
    [InlineData(2048, 2)]
    [InlineData(2049, 8)]
    [InlineData(100_003, 3)]
    public void Each_stripe_is_taken_by_one_channel_and_met_once_a_round(int stripes, int channels)
    {
        using var bitmap = Marked(stripes);
        var lots = new StripeLots(bitmap, channels);
        var walks = Enumerable.Range(0, channels).Select(channel => new StripeWalk(lots, channel)).ToArray();
        var random = new Random(stripes);
        var taken = walks.Select(_ => new List<int>()).ToArray();
        while (walks.Any(walk => !walk.IsSettled))
        {
            var channel = (int)(channels * Math.Pow(random.NextDouble(), 2)); // The first are the faster.
            if (!walks[channel].IsSettled && walks[channel].Next() is >= 0 and var stripe) taken[channel].Add(stripe);
        }
        Assert.All(taken.Take(stripes), own => Assert.NotEmpty(own)); // However fast the others are.
        Assert.Equal(Enumerable.Range(0, stripes), taken.SelectMany(each => each).Order());
        foreach (var (walk, own) in walks.Zip(taken))
        {
            Assert.Equal(own.Count, walk.Count);
            for (var round = 0; round < 2; round++)
            {
                Assert.Equal(own, own.Select(_ => walk.Next()));
                Assert.Equal(-1, walk.Next());
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2049, 3)]
    public void Clean_stripes_are_passed_over_and_marked_ones_met_in_every_round(int stripes, int channels)
    {
        using var bitmap = Marked(stripes);
        var lots = new StripeLots(bitmap, channels);
        var walk = new StripeWalk(lots, 0);
        var own = new List<int>();
        while (!walk.IsSettled) if (walk.Next() is >= 0 and var stripe) own.Add(stripe);
        var claimed = new ulong[8];
        var marked = own.Where((stripe, at) => at % 5 == 1 || stripe == stripes - 1).ToHashSet();
        foreach (var stripe in own.Where(stripe => !marked.Contains(stripe))) _ = bitmap.Claim(stripe, claimed);
        for (var round = 0; round < 2; round++)
        {
            var met = new List<int>();
            var passed = 0;
            for (int stripe; (stripe = walk.Next()) >= 0;)
                if (bitmap.Any(stripe)) met.Add(stripe);
                else passed += 1 + walk.SkipClean();
            Assert.Equal(marked.Order(), met.Order());
            Assert.Equal(own.Count, met.Count + passed); // Each stripe counts once: that many clean ones in a row are a dry round.
        }
    }

    [Fact]
    public void Channels_that_take_at_the_same_time_take_different_lots()
    {
        const int Stripes = 200_000, Channels = 4;
        using var bitmap = Marked(Stripes);
        var lots = new StripeLots(bitmap, Channels);
        var met = new int[Stripes];
        Parallel.For(0, Channels, channel =>
        {
            var walk = new StripeWalk(lots, channel);
            for (int stripe; (stripe = walk.Next()) >= 0;) Interlocked.Increment(ref met[stripe]);
        });
        Assert.All(met, times => Assert.Equal(1, times));
    }

    /// <summary>As in another attempt, where little is left to send: who is quick must not end up with all that is written later.</summary>
    [Fact]
    public void Clean_stripes_stay_with_the_channel_whose_home_they_are()
    {
        const int Stripes = 4000, Channels = 2;
        using var bitmap = new DirtyBitmap(AddressOnlyMemory.OfPages(Stripes * 512L));
        var lots = new StripeLots(bitmap, Channels);
        StripeWalk quick = new(lots, 0), slow = new(lots, 1);
        while (quick.Next() >= 0) continue;
        while (slow.Next() >= 0) continue;
        Assert.Equal((Stripes / 2, Stripes / 2), (quick.Count, slow.Count));
    }

    private static DirtyBitmap Marked(int stripes)
    {
        var bitmap = new DirtyBitmap(AddressOnlyMemory.OfPages(stripes * 512L));
        bitmap.SetAll();
        return bitmap;
    }
}
