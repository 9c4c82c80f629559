using DataPlane.Control.Convergence;
using Xunit;

namespace DataPlane.Tests.Control.Convergence;

public sealed class ConvergenceWatchTests
{
    private static readonly TimeSpan Pass = TimeSpan.FromMilliseconds(100);
    private readonly ConvergenceWatch _watch = new();
    private TimeSpan _now;

    private ConvergenceTrend After(double left, double resting = 0)
    {
        _now += Pass;
        _watch.Add(left, resting, fittingBytes: 10e6, _now);
        return _watch.Trend;
    }

    [Fact]
    public void One_pass_tells_nothing() => Assert.Equal(ConvergenceTrend.Unknown, After(1e9));

    [Fact]
    public void What_keeps_falling_converges_however_slowly()
    {
        for (var left = 1e9; left > 1e6; left *= 0.97)
            Assert.NotEqual(ConvergenceTrend.Stalled, After(left));
        Assert.Equal(ConvergenceTrend.Converging, _watch.Trend);
    }

    [Fact]
    public void What_has_not_fallen_for_two_seconds_has_stalled_not_before()
    {
        _ = After(1e9);
        for (var pass = 0; pass < 19; pass++) Assert.NotEqual(ConvergenceTrend.Stalled, After(1e9));
        Assert.Equal(ConvergenceTrend.Stalled, After(1e9));
        Assert.Equal(TimeSpan.FromSeconds(2), _watch.NotFallenFor);
    }

    /// <summary>Passes of a slow link take seconds: eight of them it must be.</summary>
    [Fact]
    public void A_few_long_passes_are_no_stall()
    {
        for (var pass = 0; pass < 8; pass++)
        {
            _now += TimeSpan.FromSeconds(1);
            Assert.NotEqual(ConvergenceTrend.Stalled, After(1e9));
        }
        Assert.Equal(ConvergenceTrend.Stalled, After(1e9));
    }

    [Fact]
    public void Noise_around_the_same_is_a_stall_all_the_same()
    {
        for (var pass = 0; pass < 60; pass++) _ = After(1e9 * (1 + (0.2 * Math.Sin(pass * 1.7))));
        Assert.Equal(ConvergenceTrend.Stalled, _watch.Trend);
    }

    [Fact]
    public void A_guest_that_writes_in_bursts_of_a_second_is_seen_quiet_before_it_counts_as_stalled()
    {
        for (var pass = 0; pass < 40; pass++)
            Assert.NotEqual(ConvergenceTrend.Hopeless, After(pass / 5 % 2 == 0 ? 1e8 : 1e6 / (pass + 1)));
    }

    [Fact]
    public void A_stall_above_what_fits_by_a_quarter_is_hopeless()
    {
        for (var pass = 0; pass < 30; pass++) _ = After(1e9, resting: 12.4e6);
        Assert.Equal(ConvergenceTrend.Stalled, _watch.Trend);
        Assert.Equal(ConvergenceTrend.Hopeless, After(1e9, resting: 12.6e6));
    }

    [Fact]
    public void The_minimum_is_what_eight_passes_have_not_undercut()
    {
        _ = After(1e8);
        for (var pass = 0; pass < 7; pass++)
        {
            _ = After(1e9 + (pass * 1e7));
            Assert.False(_watch.AtMinimum);
        }
        _ = After(1.2e9);
        Assert.False(_watch.AtMinimum);
        _ = After(1.01e9); // Within a tenth of the way from 1.0 to 1.2.
        Assert.True(_watch.AtMinimum);
        _ = After(1.03e9);
        Assert.False(_watch.AtMinimum);
    }

    [Fact]
    public void Changed_circumstances_begin_it_anew()
    {
        for (var pass = 0; pass < 30; pass++) _ = After(1e9);
        _watch.Restart(_now);
        for (var pass = 0; pass < 19; pass++) Assert.NotEqual(ConvergenceTrend.Stalled, After(2e9));
    }
}
