using DataPlane.Source;
using Xunit;

namespace DataPlane.Tests.Sessions;

public sealed class SampleSeriesTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10_000)]
    public void Long_or_short_there_are_few_samples_and_they_cover_all_of_the_time(int looks)
    {
        var series = new SampleSeries<long>(8, interval: 10, costShare: 50);
        for (long now = 0; now < 10 * looks; now += 5)
            if (series.IsDue(now)) series.Add(now, now, cost: 0);
        var all = series.All.ToArray();
        Assert.InRange(all.Length, Math.Min(looks, 4), 8);
        Assert.Equal(0, all[0]);
        var distances = all.Zip(all.Skip(1), (before, after) => after - before).ToArray();
        Assert.Single(distances.Distinct());
        Assert.True(all[^1] + distances[0] >= 10 * (looks - 1), $"The last is of {all[^1]}.");
    }

    [Fact]
    public void What_takes_long_is_taken_seldom()
    {
        var series = new SampleSeries<int>(8, interval: 10, costShare: 50);
        series.Add(1, began: 0, cost: 3);
        Assert.False(series.IsDue(149));
        Assert.True(series.IsDue(150));
    }
}
