using DataPlane.Control.Convergence;
using Xunit;

namespace DataPlane.Tests.Control.Convergence;

/// <summary>A guest whose dirty rate shrinks as it is slowed down, in virtual time.</summary>
public sealed class GuestThrottleTests
{
    private const double Link = 1e9;
    private readonly GuestThrottle _throttle = new();
    private TimeSpan _now = TimeSpan.FromSeconds(10);

    [Fact]
    public void It_steps_up_until_the_guest_dirties_at_most_half_of_what_the_link_carries()
    {
        var steps = Run(3e9, 60);
        Assert.True(Rate(3e9) <= Link / 2, $"{_throttle.Percent} %");
        Assert.All(steps, step => Assert.InRange(step, 1, 20));
        Assert.True(_throttle.Percent < GuestThrottle.Most);
    }

    [Fact]
    public void It_steps_down_again_when_the_guest_calms_down()
    {
        _ = Run(3e9, 60);
        var up = _throttle.Percent;
        var steps = Run(0.2e9, 200, ConvergenceTrend.Converging);
        Assert.Equal(0, _throttle.Percent);
        Assert.True(up > 50);
        Assert.All(steps, step => Assert.InRange(step, -10, -1));
    }

    [Fact]
    public void A_guest_that_nothing_helps_against_is_left_a_twentieth_of_its_time()
    {
        _ = Run(1e12, 100);
        Assert.Equal(95, _throttle.Percent);
        Assert.True(_throttle.Exhausted);
    }

    [Fact]
    public void Passes_that_converge_throttle_nobody() => Assert.Empty(Run(0.9e9, 50, ConvergenceTrend.Converging));

    [Fact]
    public void A_step_is_given_time_to_show()
    {
        Assert.True(_throttle.Decide(ConvergenceTrend.Stalled, 3e9, Link, _now));
        Assert.False(_throttle.Decide(ConvergenceTrend.Stalled, 3e9, Link, _now + TimeSpan.FromMilliseconds(199)));
        Assert.True(_throttle.Decide(ConvergenceTrend.Stalled, 3e9, Link, _now + TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public void Released_it_is_free_at_once()
    {
        Assert.False(_throttle.Release());
        _ = Run(3e9, 5);
        Assert.True(_throttle.Release());
        Assert.Equal(0, _throttle.Percent);
    }

    private double Rate(double full) => full * (100 - _throttle.Percent) / 100;

    private List<int> Run(double full, int passes, ConvergenceTrend trend = ConvergenceTrend.Stalled)
    {
        var steps = new List<int>();
        for (var pass = 0; pass < passes; pass++)
        {
            _now += TimeSpan.FromMilliseconds(100);
            var before = _throttle.Percent;
            // A guest slow enough for the link converges.
            if (_throttle.Decide(Rate(full) <= Link / 2 ? ConvergenceTrend.Converging : trend, Rate(full), Link, _now))
                steps.Add(_throttle.Percent - before);
        }
        return steps;
    }
}
