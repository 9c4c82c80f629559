using DataPlane.Guests;
using DataPlane.Guests.Writing;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>The pace as a function of writes made and time passed; no clock is waited for.</summary>
public sealed class WriterPaceTests
{
    private const long Millisecond = 1_000_000;
    private readonly ManualTime _time = new();

    /// <summary>1,000 pages per second.</summary>
    private static WriterBlock Steady(ulong count) => new() { BytesPerSecond = 4096 * 1000, Count = count };

    private static WriterBlock Bursting(ulong count) => Steady(count) with { BurstPeriodNanoseconds = 1000 * Millisecond };

    private WriterPace Started()
    {
        var pace = new WriterPace(_time);
        pace.Resume();
        return pace;
    }

    [Fact]
    public void Steady_WaitsUntilAsManyWritesAreDue()
    {
        var pace = Started();
        Assert.Equal(10 * Millisecond, pace.Wait(Steady(10)));
        _time.Advance(TimeSpan.FromMilliseconds(7));
        Assert.Equal(3 * Millisecond, pace.Wait(Steady(10)));
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Equal(0, pace.Wait(Steady(10)));
    }

    [Fact]
    public void Idle_WaitsForEver() => Assert.True(Started().Wait(new WriterBlock()) < 0);

    [Fact]
    public void Stopped_ClockStands()
    {
        var pace = Started();
        _time.Advance(TimeSpan.FromMilliseconds(4));
        pace.Pause();
        _time.Advance(TimeSpan.FromHours(1));
        pace.Resume();
        Assert.Equal(6 * Millisecond, pace.Wait(Steady(10)));
    }

    [Fact]
    public void ClockCarriedOver_GoesOnInTheSamePlace()
    {
        var source = Started();
        _time.Advance(TimeSpan.FromMilliseconds(4));
        source.Pause();
        var destination = new WriterPace(_time) { Clock = source.Clock };
        destination.Resume();
        Assert.Equal(6 * Millisecond, destination.Wait(Steady(10)));
    }

    [Fact]
    public void HeldBack_CatchesUpATenthOfASecondOnly()
    {
        var pace = Started();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, pace.Wait(Steady(1)));
        // Of 4,999 writes that were missed, 100 are made up for; the one after them has to wait.
        Assert.Equal(0, pace.Wait(Steady(101)));
        Assert.Equal(Millisecond, pace.Wait(Steady(102)));
    }

    [Fact]
    public void Throttled_WritesSoMuchLess()
    {
        var pace = Started();
        pace.Throttle(75);
        Assert.Equal(40 * Millisecond, pace.Wait(Steady(10)));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        Assert.Equal(4 * Millisecond, pace.Wait(Steady(11)));
        _time.Advance(TimeSpan.FromMilliseconds(4));
        pace.Throttle(0);
        Assert.Equal(8 * Millisecond, pace.Wait(Steady(19)));
    }

    /// <summary>One that is behind its rate, whatever it does, rests three times as long as it worked.</summary>
    [Theory]
    [InlineData(4096 * 1000)]
    [InlineData(DirtyOrders.Unlimited)]
    public void Throttled_AWriterThatIsBehindRestsInProportion(ulong rate)
    {
        WriterBlock Writer(ulong count) => new() { BytesPerSecond = rate, Count = count };
        var pace = Started();
        pace.Throttle(75);
        for (var round = 1UL; round <= 5; round++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20)); // A batch.
            Assert.Equal(60 * Millisecond, pace.Wait(Writer(round)));
            _time.Advance(TimeSpan.FromMilliseconds(65)); // No wait ends on time; that is nothing to rest from.
            Assert.Equal(0, pace.Wait(Writer(round)));
        }
    }

    /// <summary>What passed before is not made slower afterwards: a writer that had been kept waiting for 3 s would stand still for 55.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Throttled_TimeThatHasPassedStays(int before)
    {
        var pace = Started();
        pace.Throttle(before);
        Assert.Equal(0, pace.Wait(Steady(0)));
        _time.Advance(TimeSpan.FromSeconds(3));
        pace.Throttle(95);
        Assert.Equal(0, pace.Wait(Steady(0))); // A tenth of a second is left to make up for.
        Assert.Equal(20 * Millisecond, pace.Wait(Steady(101)));
        pace.Pause();
        pace.Resume();
        Assert.Equal(20 * Millisecond, pace.Wait(Steady(101)));
    }

    [Theory]
    [InlineData(500, 250)]
    [InlineData(999, 499.5)]
    [InlineData(1000, 1000)] // The first half of the first period has made all its writes: silence until the next.
    [InlineData(1500, 1250)]
    [InlineData(2000, 2000)]
    public void Burst_AllWritesFallIntoTheFirstHalves(ulong writes, double milliseconds) =>
        Assert.Equal((long)(milliseconds * Millisecond), Started().Wait(Bursting(writes)));
}
