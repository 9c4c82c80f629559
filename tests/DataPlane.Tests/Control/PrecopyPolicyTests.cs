using DataPlane.Control.Convergence;
using Xunit;

namespace DataPlane.Tests.Control;

public sealed class PrecopyPolicyTests
{
    // 100 MB at 1 GB/s take exactly the 100 ms allowed.
    private static readonly PrecopySnapshot Border = new(
        RemainingBytes: 100_000_000, StateBytes: 0, DeclaredBytesPerSecond: null, MeasuredBytesPerSecond: 1e9,
        DowntimeLimit: TimeSpan.FromMilliseconds(100), Elapsed: TimeSpan.FromSeconds(1), Timeout: TimeSpan.FromSeconds(10),
        ForceOnTimeout: false);

    [Fact]
    public void What_takes_just_the_limit_fits() => Verdict(PrecopyVerdict.Switch, Border);

    [Fact]
    public void A_page_more_does_not_fit()
    {
        var decision = Verdict(PrecopyVerdict.Continue, Border with { RemainingBytes = 100_004_096 });
        Assert.Contains("measured 1000 MB/s", decision.Reason);
        Assert.Contains("do not fit within 100 ms", decision.Reason);
    }

    [Fact]
    public void A_bandwidth_measured_under_a_cap_serves_and_is_named_as_one_and_a_declared_one_counts_over_it()
    {
        Assert.Contains("capped 1000 MB/s", Verdict(PrecopyVerdict.Switch, Border with { MeasuredUnderCap = true }).Reason);
        var declared = Border with { MeasuredUnderCap = true, DeclaredBytesPerSecond = 2e9 };
        Assert.Contains("declared 2000 MB/s", Verdict(PrecopyVerdict.Switch, declared).Reason);
    }

    [Fact]
    public void Without_any_bandwidth_it_goes_on()
    {
        var decision = Verdict(PrecopyVerdict.Continue, Border with { MeasuredBytesPerSecond = null, RemainingBytes = 1 });
        Assert.Null(decision.ExpectedDowntime);
        Assert.Contains("no bandwidth is known", decision.Reason);
    }

    [Fact]
    public void The_declared_bandwidth_counts_over_the_measured_one()
    {
        Verdict(PrecopyVerdict.Continue, Border with { DeclaredBytesPerSecond = 0.9e9, MeasuredBytesPerSecond = 9e9 });
        var decision = Verdict(PrecopyVerdict.Switch, Border with { DeclaredBytesPerSecond = 2e9, MeasuredBytesPerSecond = 1 });
        Assert.Contains("declared 2000 MB/s", decision.Reason);
        Verdict(PrecopyVerdict.Switch, Border with { DeclaredBytesPerSecond = 2e9, MeasuredBytesPerSecond = null });
    }

    [Fact]
    public void Nothing_left_switches_whatever_else()
    {
        var none = Border with { RemainingBytes = 0 };
        Verdict(PrecopyVerdict.Switch, none with { MeasuredBytesPerSecond = null });
        Verdict(PrecopyVerdict.Switch, none with { DowntimeLimit = TimeSpan.Zero });
        Verdict(PrecopyVerdict.Switch, none with { Elapsed = none.Timeout });
        Verdict(PrecopyVerdict.Switch, none with { StateBytes = long.MaxValue / 2 });
    }

    [Fact]
    public void Device_state_is_expected_but_keeps_nobody_from_switching()
    {
        var decision = Verdict(PrecopyVerdict.Switch, Border with { StateBytes = 300_000_000 });
        Assert.Equal(TimeSpan.FromMilliseconds(400), decision.ExpectedDowntime);
        Assert.Equal(TimeSpan.FromMilliseconds(100), Verdict(PrecopyVerdict.Switch, Border).ExpectedDowntime);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_end_of_time_it_gives_up_or_forces(bool force)
    {
        var verdict = force ? PrecopyVerdict.Force : PrecopyVerdict.GiveUp;
        var late = Border with { RemainingBytes = 200_000_000, ForceOnTimeout = force };
        Verdict(PrecopyVerdict.Continue, late with { Elapsed = late.Timeout - TimeSpan.FromTicks(1) });
        Assert.Contains("the time allowed", Verdict(verdict, late with { Elapsed = late.Timeout }).Reason);
        Verdict(verdict, late with { Elapsed = late.Timeout, MeasuredBytesPerSecond = null });
        Verdict(PrecopyVerdict.Switch, Border with { Elapsed = late.Timeout, ForceOnTimeout = force });
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NaN)]
    public void No_bandwidth_is_too_small_or_too_strange(double bandwidth)
    {
        Verdict(PrecopyVerdict.Continue, Border with { MeasuredBytesPerSecond = bandwidth, RemainingBytes = long.MaxValue / 2 });
        Verdict(PrecopyVerdict.Continue, Border with { DeclaredBytesPerSecond = bandwidth });
    }

    private static PrecopyDecision Verdict(PrecopyVerdict expected, PrecopySnapshot now)
    {
        var decision = PrecopyPolicy.Decide(now);
        Assert.Equal(expected, decision.Verdict);
        Assert.NotEmpty(decision.Reason);
        return decision;
    }
}
