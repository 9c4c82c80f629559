using DataPlane.Control.Convergence;
using Xunit;

namespace DataPlane.Tests.Control;

public sealed class SyncPacerTests
{
    [Theory]
    [InlineData(0, 0, 5000)]
    [InlineData(0, 4999, 1)]
    [InlineData(0, 5000, 0)]
    [InlineData(1250, 0, 5000)]
    [InlineData(1251, 0, 5004)]
    [InlineData(10_000, 0, 40_000)]
    [InlineData(10_000, 39_000, 1000)]
    [InlineData(10_000, 50_000, 0)]
    public void Waits_for_the_longer_of_5_ms_and_4_times_the_cost(int cost, int since, int wait)
    {
        var pacer = new SyncPacer();
        pacer.Read(TimeSpan.FromMicroseconds(cost));
        Assert.Equal(TimeSpan.FromMicroseconds(wait), pacer.Wait(TimeSpan.FromMicroseconds(since)));
    }

    [Fact]
    public void Only_the_last_read_counts()
    {
        var pacer = new SyncPacer();
        Assert.Equal(TimeSpan.FromMilliseconds(5), pacer.Wait(TimeSpan.Zero));
        pacer.Read(TimeSpan.FromSeconds(1));
        pacer.Read(TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromMilliseconds(5), pacer.Wait(TimeSpan.Zero));
    }
}
