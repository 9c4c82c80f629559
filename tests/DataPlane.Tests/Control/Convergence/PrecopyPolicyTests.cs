using DataPlane.Control.Bandwidth;
using DataPlane.Control.Convergence;
using DataPlane.Control.Forecast;
using DataPlane.Core.Memory;
using DataPlane.Tests.Control.Forecast;
using Xunit;

namespace DataPlane.Tests.Control.Convergence;

public sealed class PrecopyPolicyTests
{
    private const int Frame = 168;

    // Of a blackout of 100 ms, memory alone: 24,410 pages and a frame for each at 1 GB/s, less a few nanoseconds.
    private static readonly ForecastInput Free = Inputs.FreeOfAllButMemory with
    {
        DirtyPages = 24_410, DirtyStripes = 85, WireBytesPerPage = PageGeometry.PageSize,
    };

    private static readonly PrecopySnapshot Border = With(Free, TimeSpan.FromMicroseconds(100_000));

    private static PrecopySnapshot With(ForecastInput input, TimeSpan limit) => new(
        RemainingBytes: (long)input.DirtyPages * PageGeometry.PageSize, BlackoutForecast.Of(input), input.Rate,
        DowntimeLimit: limit, Elapsed: TimeSpan.FromSeconds(1), Timeout: TimeSpan.FromSeconds(10), ForceOnTimeout: false);

    private static PrecopySnapshot Too(long pages) => With(Free with { DirtyPages = pages }, Border.DowntimeLimit);

    [Fact]
    public void What_takes_just_the_limit_fits()
    {
        var exactly = Border with { DowntimeLimit = Border.Forecast.Total.Expected };
        Assert.InRange(exactly.DowntimeLimit.TotalMilliseconds, 99.9, 100);
        _ = Verdict(PrecopyVerdict.Switch, exactly);
        _ = Verdict(PrecopyVerdict.Continue, exactly with { DowntimeLimit = exactly.DowntimeLimit - TimeSpan.FromTicks(1) });
    }

    [Fact]
    public void A_page_more_does_not_fit()
    {
        var decision = Verdict(PrecopyVerdict.Continue, Too(24_411));
        Assert.Contains("measured 1000 MB/s", decision.Reason);
        Assert.Contains("do not fit within 100 ms", decision.Reason);
    }

    [Fact]
    public void Without_any_bandwidth_it_goes_on()
    {
        var decision = Verdict(PrecopyVerdict.Continue, With(Free with { Rate = new(null, "measured"), DirtyPages = 1 }, Border.DowntimeLimit));
        Assert.Null(decision.ExpectedDowntime);
        Assert.Contains("no bandwidth is known", decision.Reason);
    }

    [Fact]
    public void The_origin_of_the_bandwidth_is_told() =>
        Assert.Contains("declared 2000 MB/s", Verdict(PrecopyVerdict.Switch, With(Free with { Rate = new(2e9, "declared") }, Border.DowntimeLimit)).Reason);

    [Fact]
    public void Nothing_left_switches_whatever_else_takes_its_time()
    {
        var none = With(Inputs.Typical with { DirtyPages = 0, DirtyStripes = 0, StateBytes = 0, Save = Estimate.Zero, Load = Estimate.Zero, RoundTrip = Estimate.Zero }, TimeSpan.FromTicks(1));
        _ = Verdict(PrecopyVerdict.Switch, none);
        _ = Verdict(PrecopyVerdict.Switch, none with { Elapsed = none.Timeout });
        _ = Verdict(PrecopyVerdict.Switch, With(Inputs.FreeOfAllButMemory with { Rate = new(null, "measured") }, TimeSpan.Zero));
    }

    /// <summary>What is to be expected is the whole blackout: a guest whose memory fits is not stopped for devices that do not.</summary>
    [Fact]
    public void All_of_the_blackout_counts_not_memory_alone()
    {
        var slow = Free with { Load = new Estimate(TimeSpan.FromMilliseconds(30), default) };
        var decision = Verdict(PrecopyVerdict.Continue, With(slow, Border.DowntimeLimit));
        Assert.Contains("do not fit within 100 ms", decision.Reason);
        _ = Verdict(PrecopyVerdict.Switch, With(slow with { DirtyPages = 24_410 * 0.69 }, Border.DowntimeLimit));
    }

    [Fact]
    public void Devices_that_miss_the_limit_by_themselves_are_refused_but_not_what_is_only_guessed()
    {
        var guessed = Free with { DirtyPages = 1, DirtyStripes = 1, StateBytes = 60_000_000, Save = Milliseconds(20), Load = Milliseconds(30) };
        _ = Verdict(PrecopyVerdict.Continue, With(guessed, Border.DowntimeLimit)); // The link may have been slow for a while.
        var devices = With(guessed with { DirtyPages = 0, DirtyStripes = 0, Rate = new CountedRate(1e9, "declared") }, Border.DowntimeLimit);
        Assert.Contains("by themselves", Verdict(PrecopyVerdict.Refuse, devices).Reason);
        _ = Verdict(PrecopyVerdict.Switch, devices with { ForceOnTimeout = true });
        _ = Verdict(PrecopyVerdict.Switch, devices with { OnStall = StallPolicy.Force });
        _ = Verdict(PrecopyVerdict.Switch, With(Inputs.FreeOfAllButMemory with { Costs = new SwitchoverCosts() }, TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void What_fits_is_not_sent_in_the_blackout_where_another_pass_leaves_less_than_half()
    {
        var half = Border.RemainingBytes / 2;
        Assert.Contains("another pass is to leave", Verdict(PrecopyVerdict.Continue, Border with { NextPassLeavesBytes = half - 1 }).Reason);
        _ = Verdict(PrecopyVerdict.Switch, Border with { NextPassLeavesBytes = half });
        _ = Verdict(PrecopyVerdict.Switch, Border with { NextPassLeavesBytes = 0, Elapsed = Border.Timeout });
        var little = With(Free with { DirtyPages = 200, DirtyStripes = 1 }, Border.DowntimeLimit); // 0.8 ms.
        _ = Verdict(PrecopyVerdict.Switch, little with { NextPassLeavesBytes = 0 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_end_of_time_it_gives_up_or_forces(bool force)
    {
        var verdict = force ? PrecopyVerdict.Force : PrecopyVerdict.GiveUp;
        var late = Too(48_820) with { ForceOnTimeout = force };
        _ = Verdict(PrecopyVerdict.Continue, late with { Elapsed = late.Timeout - TimeSpan.FromTicks(1) });
        Assert.Contains("the time allowed", Verdict(verdict, late with { Elapsed = late.Timeout }).Reason);
        _ = Verdict(verdict, With(Free with { Rate = new(null, "measured") }, Border.DowntimeLimit) with { Elapsed = late.Timeout, ForceOnTimeout = force });
        _ = Verdict(PrecopyVerdict.Switch, Border with { Elapsed = late.Timeout, ForceOnTimeout = force });
    }

    [Fact]
    public void Force_is_refused_where_the_switchover_would_be_called_off()
    {
        var late = Too(48_820) with { ForceOnTimeout = true, Elapsed = TimeSpan.FromSeconds(10) };
        var enough = late.Forecast.Total.Expected + late.Forecast.Total.Deviation;
        _ = Verdict(PrecopyVerdict.Force, late with { HardLimit = enough });
        var refused = Verdict(PrecopyVerdict.Refuse, late with { HardLimit = enough - TimeSpan.FromTicks(1) });
        Assert.Contains("would be called off at", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(200, late.Forecast.Total.Expected.TotalMilliseconds, 0.1);
        // Not begun by any other policy either, but waited with: the next pass may leave less.
        var stuck = Too(48_820) with { HardLimit = enough - TimeSpan.FromTicks(1), Trend = ConvergenceTrend.Stalled, AtMinimum = true };
        _ = Verdict(PrecopyVerdict.Continue, stuck with { OnStall = StallPolicy.Minimum });
        _ = Verdict(PrecopyVerdict.Force, stuck with { OnStall = StallPolicy.Minimum, HardLimit = enough });
    }

    [Fact]
    public void With_no_memory_left_the_guest_is_stopped_unless_that_would_be_called_off_for_good()
    {
        var none = Border with { RemainingBytes = 0 };
        _ = Verdict(PrecopyVerdict.Switch, none);
        var missed = none with { HardLimit = TimeSpan.FromMilliseconds(1) };
        _ = Verdict(PrecopyVerdict.Continue, missed with { Trend = ConvergenceTrend.Converging });
        _ = Verdict(PrecopyVerdict.Refuse, missed with { Trend = ConvergenceTrend.Stalled });
        _ = Verdict(PrecopyVerdict.Refuse, missed with { Elapsed = missed.Timeout });
    }

    [Theory]
    [InlineData(StallPolicy.Wait, false, PrecopyVerdict.Continue)]
    [InlineData(StallPolicy.Minimum, false, PrecopyVerdict.Continue)]
    [InlineData(StallPolicy.Minimum, true, PrecopyVerdict.Force)]
    [InlineData(StallPolicy.Throttle, true, PrecopyVerdict.Continue)]
    [InlineData(StallPolicy.Force, false, PrecopyVerdict.Force)]
    [InlineData(StallPolicy.Cancel, false, PrecopyVerdict.GiveUp)]
    [InlineData(StallPolicy.Ask, false, PrecopyVerdict.Ask)]
    internal void Passes_that_stall_are_dealt_with_as_told(StallPolicy policy, bool minimum, PrecopyVerdict expected)
    {
        foreach (var trend in Enum.GetValues<ConvergenceTrend>())
        {
            var stuck = trend is ConvergenceTrend.Stalled or ConvergenceTrend.Hopeless;
            var now = Too(48_820) with { OnStall = policy, Trend = trend, AtMinimum = minimum, NotFallenFor = TimeSpan.FromSeconds(3) };
            var decision = Verdict(stuck ? expected : PrecopyVerdict.Continue, now);
            Assert.Equal(stuck, decision.Reason.Contains(trend.ToString().ToLowerInvariant(), StringComparison.Ordinal));
            // What fits is sent, whatever the trend.
            _ = Verdict(PrecopyVerdict.Switch, Border with { OnStall = policy, Trend = trend });
        }
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NaN)]
    public void No_bandwidth_is_too_small_or_too_strange(double bandwidth)
    {
        foreach (var origin in new[] { "measured", "declared" })
            _ = Verdict(PrecopyVerdict.Continue, With(Free with { Rate = new CountedRate(bandwidth, origin), DirtyPages = long.MaxValue / 8192.0 }, Border.DowntimeLimit));
    }

    [Fact]
    public void The_header_of_a_frame_has_the_size_that_the_numbers_above_count_on() =>
        Assert.Equal(Frame, DataPlane.Core.Wire.Frames.FrameHeader.Size);

    [Fact]
    public void The_public_option_has_the_same_numbers() => Assert.Equal(
        Enum.GetValues<StallPolicy>().Select(value => $"{(int)value} {value}"),
        Enum.GetValues<DataPlane.Options.StallHandling>().Select(value => $"{(int)value} {value}"));

    private static Estimate Milliseconds(double time) => new(TimeSpan.FromMilliseconds(time), default);

    private static PrecopyDecision Verdict(PrecopyVerdict expected, PrecopySnapshot now)
    {
        var decision = PrecopyPolicy.Decide(now);
        Assert.True(expected == decision.Verdict, $"{decision.Verdict}, not {expected}: {decision.Reason}");
        Assert.NotEmpty(decision.Reason);
        return decision;
    }
}
