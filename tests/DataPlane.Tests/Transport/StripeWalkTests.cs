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
        var lots = new StripeLots(stripes, channels);
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

    [Fact]
    public void Channels_that_take_at_the_same_time_take_different_lots()
    {
        const int Stripes = 200_000, Channels = 4;
        var lots = new StripeLots(Stripes, Channels);
        var met = new int[Stripes];
        Parallel.For(0, Channels, channel =>
        {
            var walk = new StripeWalk(lots, channel);
            for (int stripe; (stripe = walk.Next()) >= 0;) Interlocked.Increment(ref met[stripe]);
        });
        Assert.All(met, times => Assert.Equal(1, times));
    }
}
