using DataPlane.Control.Timeline;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control;

public sealed class ClockSyncTests
{
    [Fact]
    public void Nothing_is_known_before_the_first_answer()
    {
        var clock = new ClockSync();
        Assert.False(clock.Known);
        Assert.Equal((0, 0, 0), (clock.Offset, clock.Error, clock.RoundTrip));
        Assert.Equal(17, clock.ToSource(17));
    }

    [Fact]
    public void The_fastest_round_trip_counts()
    {
        var clock = new ClockSync();
        clock.Add(sent: 0, answered: 1900, heard: 1000);
        clock.Add(sent: 5000, answered: 6050, heard: 5100);
        clock.Add(sent: 8000, answered: 9999, heard: 8101);
        Assert.Equal((1000, 50, 100), (clock.Offset, clock.Error, clock.RoundTrip));
        Assert.Equal(4000, clock.ToSource(5000));
    }

    [Fact]
    public void An_answer_before_its_question_is_ignored()
    {
        var clock = new ClockSync();
        clock.Add(sent: 100, answered: 500, heard: 99);
        Assert.False(clock.Known);
    }

    [Fact]
    public void The_offset_is_never_further_off_than_the_error_says() =>
        PropertyCheck.Holds<(int Offset, (ushort There, ushort Back)[] Trips)>(input =>
        {
            var clock = new ClockSync();
            var now = 1000L;
            foreach (var (there, back) in input.Trips ?? [])
            {
                clock.Add(now, now + there + input.Offset, now + there + back);
                now += 70_000;
                Assert.InRange(clock.Offset - input.Offset, -clock.Error, clock.Error);
                Assert.InRange(clock.Error, clock.RoundTrip / 2, (clock.RoundTrip + 1) / 2);
            }
        }, tests: 500);
}
