using DataPlane.Sessions;
using Xunit;

namespace DataPlane.Tests.Sessions;

public sealed class SessionClockTests
{
    /// <summary>A host that has been up for longer than 104 days counts more nanoseconds than a double tells apart.</summary>
    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(10_000_000)]
    [InlineData(10_000_019)] // An odd rate: its ticks are no whole nanoseconds.
    [InlineData(3_579_545)]
    [InlineData(4_000_000_007)]
    public void Nanoseconds_are_exact_after_any_uptime(long frequency)
    {
        var time = new Counter(frequency);
        var clock = new SessionClock(time);
        foreach (var seconds in (long[])[0, 1, 86_400, 200 * 86_400L, 2_000_000_000])
            foreach (var rest in (long[])[0, 1, frequency / 3, frequency - 1])
            {
                time.Ticks = (seconds * frequency) + rest;
                Assert.Equal((long)((Int128)time.Ticks * 1_000_000_000 / frequency), clock.Nanoseconds);
            }
    }

    private sealed class Counter(long frequency) : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Ticks;
    }
}
