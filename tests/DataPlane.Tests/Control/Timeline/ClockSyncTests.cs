using DataPlane.Control.Timeline;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control.Timeline;

/// <summary>What is said of a peer's clock, by a clock whose truth is known. Virtual time, nanoseconds.</summary>
public sealed class ClockSyncTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Nothing_is_known_before_the_first_answer()
    {
        var clock = new ClockSync();
        Assert.False(clock.Known);
        var fit = clock.Fit(10, 20);
        Assert.Equal((false, 0L, 0L), (fit.Known, fit.Offset, fit.Error));
        Assert.Equal(17, fit.ToSource(17));
    }

    [Fact]
    public void The_fastest_round_trip_counts()
    {
        var clock = new ClockSync();
        clock.Add(sent: 0, answered: 1900, heard: 1000);
        clock.Add(sent: 5000, answered: 6050, heard: 5100);
        clock.Add(sent: 8000, answered: 9940, heard: 9101);
        var fit = clock.Fit(8000, 8000);
        Assert.InRange(fit.Offset, 990, 1010); // Rates of 1000 ppm leave a few nanoseconds.
        Assert.InRange(fit.Error, 50, 60);
        Assert.InRange(fit.ToSource(5000), 3990, 4010);
    }

    [Theory]
    [InlineData(100, 500, 99)] // Before its question.
    [InlineData(100, long.MaxValue, 200)]
    [InlineData(100, long.MinValue, 200)]
    [InlineData(long.MinValue, 500, 200)]
    [InlineData(100, 500, long.MaxValue)]
    public void An_answer_that_can_not_be_is_ignored(long sent, long answered, long heard)
    {
        var clock = new ClockSync();
        clock.Add(sent, answered, heard);
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
                var fit = clock.Fit(now, now);
                Assert.InRange(fit.Offset - input.Offset, -fit.Error, fit.Error);
                Assert.InRange(fit.Error, 0, ((there + back + 1) / 2) + 100); // And no worse than the newest round trip.
                Assert.False(fit.Stepped);
            }
        }, tests: 500);

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(-50)]
    [InlineData(400)]
    public void A_drift_is_found_and_followed_to_the_end_of_the_blackout(double ppm)
    {
        var truth = new TrueClock(Hours(7), ppm);
        var clock = new ClockSync();
        var random = new Random(7);
        for (var at = 0L; at < 10 * Second; at += Second / 2)
            truth.Ping(clock, at, there: 100_000 + random.Next(40_000), back: 100_000 + random.Next(40_000));
        var (stop, end) = (10 * Second, (10 * Second) + (Second / 2));
        var fit = clock.Fit(stop, end);
        AssertCovers(fit, truth, stop, end);
        // The newest answer is half a second old. Were its drift not known, 1000 ppm could make 500 us of it, and another 500 until the end.
        Assert.InRange(fit.Error, 1, 150_000);
        Assert.InRange(fit.Rate * 1e6, ppm - 25, ppm + 25);
    }

    [Fact]
    public void A_delay_of_one_direction_alone_is_within_the_error()
    {
        foreach (var (there, back) in new[] { (5_000_000L, 20_000L), (20_000, 5_000_000), (1_000_000, 40_000_000) })
        {
            var truth = new TrueClock(-Hours(3), 50);
            var clock = new ClockSync();
            for (var at = 0L; at < 10 * Second; at += Second / 2) truth.Ping(clock, at, there, back);
            var fit = clock.Fit(10 * Second, 10 * Second + 300_000_000);
            AssertCovers(fit, truth, 10 * Second, 10 * Second + 300_000_000);
            Assert.InRange(fit.Error, (there + back) * 2 / 5, (there + back) * 6 / 10); // Half of the round trip, and little more.
        }
    }

    [Fact]
    public void Words_of_the_handover_make_it_tighter_than_half_a_round_trip()
    {
        var truth = new TrueClock(Hours(1), 50);
        var clock = new ClockSync();
        for (var at = 0L; at < 10 * Second; at += Second / 2) truth.Ping(clock, at, 2_000_000, 2_000_000);
        var stop = 10 * Second;
        var loose = clock.Fit(stop, stop + 10_000_000);
        // COMMIT happens to take 1.5 ms of the 2, and PREPARED 1.6.
        var fit = clock.Fit(
            stop, stop + 10_000_000,
            ClockBound.FromSource(stop, truth.Of(stop + 1_500_000)), ClockBound.FromDestination(truth.Of(stop + 2_000_000), stop + 3_600_000));
        Assert.False(fit.Contradicted);
        Assert.True(fit.Error < loose.Error - 300_000, $"{fit.Error} is not much less than {loose.Error}.");
        AssertCovers(fit, truth, stop, stop + 10_000_000);
        // No effect comes before its cause any more.
        Assert.InRange(fit.ToSource(truth.Of(stop + 1_500_000)), stop, long.MaxValue);
        Assert.InRange(fit.ToSource(truth.Of(stop + 2_000_000)), 0, stop + 3_600_000);
    }

    [Theory]
    [InlineData(3_600_000_000_000)]
    [InlineData(-50_000_000)]
    public void A_clock_that_was_set_is_taken_as_it_is_since(long step)
    {
        var before = new TrueClock(Hours(2), 0);
        var after = new TrueClock(Hours(2) + step, 0);
        var clock = new ClockSync();
        for (var at = 0L; at < 8 * Second; at += Second / 2) before.Ping(clock, at, 50_000, 70_000);
        Assert.False(clock.Fit(8 * Second, 8 * Second).Stepped);
        after.Ping(clock, 8 * Second, 60_000, 60_000);
        var fit = clock.Fit(9 * Second, 9 * Second);
        Assert.True(fit.Stepped);
        // One answer, a second old: a millisecond of drift is possible.
        AssertCovers(fit, after, 9 * Second, 9 * Second);
        Assert.InRange(fit.Error, 60_000, 1_100_000);
    }

    [Fact]
    public void Answers_older_than_the_window_do_not_count()
    {
        var truth = new TrueClock(0, 0);
        var clock = new ClockSync();
        truth.Ping(clock, 0, 10_000, 10_000);
        Assert.InRange(clock.Fit(60 * Second, 60 * Second).Error, 50_000_000, 70_000_000); // The last there is, with its age.
        truth.Ping(clock, 59 * Second, 3_000_000, 3_000_000);
        Assert.InRange(clock.Fit(60 * Second, 60 * Second).Error, 3_000_000, 4_200_000);
    }

    [Fact]
    public void Words_that_can_not_be_change_nothing_and_are_told_of()
    {
        var truth = new TrueClock(Hours(1), 0);
        var clock = new ClockSync();
        for (var at = 0L; at < 5 * Second; at += Second / 2) truth.Ping(clock, at, 50_000, 50_000);
        var plain = clock.Fit(5 * Second, 5 * Second);
        ClockBound[] impossible =
        [
            ClockBound.FromDestination(truth.Of(5 * Second) + (3 * Second), 5 * Second), // Heard before it was said.
            ClockBound.FromSource(5 * Second, truth.Of(5 * Second) - (3 * Second)),
            ClockBound.FromDestination(long.MaxValue, 5 * Second),
            ClockBound.FromDestination(long.MinValue, 5 * Second),
            ClockBound.FromSource(5 * Second, long.MaxValue),
            ClockBound.FromSource(5 * Second, 0),
        ];
        foreach (var word in impossible)
        {
            var fit = clock.Fit(5 * Second, 5 * Second, word);
            Assert.True(fit.Contradicted, $"{word} was believed.");
            Assert.Equal((plain.Offset, plain.Error), (fit.Offset, fit.Error));
        }
    }

    [Fact]
    public void Any_number_can_be_moved_to_the_clock_of_the_source() =>
        PropertyCheck.Holds<(long Time, long Offset, short Ppm)>(input =>
        {
            var fit = new ClockFit { Known = true, At = 5, Offset = input.Offset, Rate = input.Ppm / 1e6 };
            _ = fit.ToSource(input.Time);
            Assert.True(fit.ToSource(long.MaxValue) >= fit.ToSource(0) && fit.ToSource(0) >= fit.ToSource(long.MinValue));
        });

    private static long Hours(long hours) => hours * 3600 * Second;

    private static void AssertCovers(ClockFit fit, TrueClock truth, long from, long to)
    {
        for (var at = from; ; at += Math.Max(1, (to - from) / 7))
        {
            Assert.InRange(fit.ToSource(truth.Of(at)) - at, -fit.Error, fit.Error);
            if (at >= to) break;
        }
        Assert.InRange(fit.Offset - (truth.Of(from) - from), -fit.Error, fit.Error);
    }

    /// <summary>A destination's clock by that of the source.</summary>
    private sealed record TrueClock(long Lead, double Ppm)
    {
        public long Of(long source) => source + Lead + (long)(source * (Ppm / 1e6));

        public void Ping(ClockSync clock, long at, long there, long back) => clock.Add(at, Of(at + there), at + there + back);
    }
}
