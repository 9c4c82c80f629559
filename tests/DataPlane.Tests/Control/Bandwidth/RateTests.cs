using DataPlane.Control.Bandwidth;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control.Bandwidth;

public sealed class RateTests
{
    private const long MiB = 1 << 20;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(100);

    // Two channels: 200 ms of channel time in 100 ms.
    private static StreamActivity Did(double? busy = null, double receiver = 0, double sending = 0, double idle = 0, double capped = 0, bool compresses = false) => new(
        2, busy is { } known ? TimeSpan.FromMilliseconds(known) : null, TimeSpan.FromMilliseconds(receiver), TimeSpan.FromMilliseconds(sending),
        TimeSpan.FromMilliseconds(idle), TimeSpan.FromMilliseconds(capped), compresses);

    [Fact]
    public void The_kernel_says_that_the_link_is_busy() => Assert.Equal(LimitCause.Link, Did(busy: 190, sending: 20).LimitOf(Sample));

    [Fact]
    public void Bytes_that_the_peer_does_not_take_are_its_fault() => Assert.Equal(LimitCause.Destination, Did(busy: 190, receiver: 120).LimitOf(Sample));

    [Fact]
    public void A_socket_that_tells_nothing_is_judged_by_the_time_in_its_calls()
    {
        Assert.Equal(LimitCause.Link, Did(sending: 170).LimitOf(Sample));
        Assert.Equal(LimitCause.Scan, Did(sending: 150).LimitOf(Sample));
    }

    [Fact]
    public void Sockets_that_run_empty_are_the_sources_limit_by_what_it_did()
    {
        Assert.Equal(LimitCause.Scan, Did(busy: 80, sending: 60).LimitOf(Sample));
        Assert.Equal(LimitCause.Compress, Did(busy: 80, sending: 60, compresses: true).LimitOf(Sample));
        Assert.Equal(LimitCause.Sync, Did(busy: 60, sending: 20, idle: 130).LimitOf(Sample));
    }

    [Fact]
    public void The_cap_is_to_blame_for_what_it_holds_back() =>
        Assert.Equal(LimitCause.Cap, Did(busy: 190, sending: 190, capped: 60).LimitOf(Sample));

    [Fact]
    public void Limits_are_judged_by_differences_and_the_rates_kept_apart()
    {
        var estimator = new BandwidthEstimator(1);
        var link = new StreamActivity(1, Sample, default, default, default);
        estimator.Add(100 * MiB, Sample, throughout: true, link);
        // The kernel's busy time stands still from here on: something else limits.
        for (var i = 0; i < 3; i++) estimator.Add(40 * MiB, Sample, throughout: true, link);
        Assert.Equal(1000.0 * MiB, estimator.Link.Smoothed!.Value, 1.0);
        Assert.Equal(400.0 * MiB, estimator.Source.Smoothed!.Value, 1.0);
        Assert.Equal(LimitCause.Scan, estimator.LastCause);
        Assert.Equal(LimitCause.Scan, estimator.Bottleneck);
        Assert.Equal(3 * Sample, estimator.Link.Age(estimator.Now));
        Assert.Equal(TimeSpan.Zero, estimator.Source.Age(estimator.Now));
        Assert.Equal(1000.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
    }

    /// <summary>Held to a tenth by a cap, a link still shows what it does while it has something to do.</summary>
    [Fact]
    public void Where_something_else_limits_the_kernels_time_tells_what_the_link_does()
    {
        var estimator = new BandwidthEstimator(2);
        for (var sample = 1; sample <= 4; sample++)
            estimator.Add(100 * MiB, 10 * Sample, throughout: true, new StreamActivity(2, sample * Sample, default, default, default, Capped: sample * 18 * Sample));
        Assert.Equal(LimitCause.Cap, estimator.Bottleneck);
        Assert.Equal(100.0 * MiB, estimator.Source.Smoothed!.Value, 1.0);
        Assert.Equal(1000.0 * MiB, estimator.Attributed.Smoothed!.Value, 1.0);
        Assert.Null(estimator.Link.Smoothed);
    }

    [Fact]
    public void A_rate_that_was_reached_against_another_limit_is_the_links_at_least()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(100 * MiB, Sample, throughout: true, new StreamActivity(1, Sample, default, default, default));
        estimator.Add(200 * MiB, Sample, throughout: true, new StreamActivity(1, Sample, default, default, default));
        Assert.Equal(2000.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
        Assert.Equal(1000.0 * MiB, estimator.Link.Smoothed!.Value, 1.0);
    }

    [Fact]
    public void The_smoothed_rate_lies_within_the_samples_and_follows_them() => PropertyCheck.Holds<byte[]>(samples =>
    {
        var rate = new RateEstimate();
        foreach (var sample in samples ?? []) rate.Add(sample, TimeSpan.Zero);
        if (samples is { Length: > 0 }) Assert.InRange(rate.Smoothed!.Value, samples.Min() - 1e-9, samples.Max() + 1e-9);
        for (var i = 0; i < 30; i++) rate.Add(1000, TimeSpan.FromSeconds(i));
        Assert.Equal(1000, rate.Smoothed!.Value, 1.0);
        Assert.Equal(1000, rate.Largest);
        Assert.Equal(TimeSpan.FromSeconds(29), rate.LastAt);
    });

    [Theory]
    [InlineData(126, 100, true)]
    [InlineData(125, 100, false)]
    [InlineData(75, 100, false)]
    [InlineData(74, 100, true)]
    [InlineData(10_000, 100, true)]
    public void A_declaration_off_by_more_than_a_quarter_earns_a_warning(double declared, double seen, bool warned) =>
        Assert.Equal(warned, DeclaredBandwidth.Warning(declared, seen, "seen") is not null);

    [Fact]
    public void The_warning_says_by_how_much_and_which_way()
    {
        Assert.Contains("300 % above the 50 MB/s achieved", DeclaredBandwidth.Warning(200e6, 50e6, "achieved"));
        Assert.Contains("50 % below the 400 MB/s achieved", DeclaredBandwidth.Warning(200e6, 400e6, "achieved"));
        Assert.Null(DeclaredBandwidth.Warning(200e6, null, "achieved"));
        Assert.Null(DeclaredBandwidth.Warning(200e6, 0, "achieved"));
    }

    [Fact]
    public void What_something_else_limited_contradicts_only_too_small_a_declaration()
    {
        Assert.Null(DeclaredBandwidth.Warning(900e6, 100e6, "reached", atLeast: true));
        Assert.NotNull(DeclaredBandwidth.Warning(50e6, 100e6, "reached", atLeast: true));
    }

    [Fact]
    public void The_declaration_counts_unless_it_was_shown_to_be_wrong()
    {
        Assert.Equal(new CountedRate(900, "declared"), SwitchoverBandwidth.Choose(900, null, null, 100));
        Assert.Equal(new CountedRate(900, "declared"), SwitchoverBandwidth.Choose(900, null, null, 100, capped: true));
        Assert.Equal(new CountedRate(100, "capped"), SwitchoverBandwidth.Choose(null, null, null, 100, capped: true));
        Assert.Equal(new CountedRate(900, "declared"), SwitchoverBandwidth.Choose(900, 700, 700, 100));
        Assert.Equal(new CountedRate(600, "probed"), SwitchoverBandwidth.Choose(900, 600, 300, 100));
        Assert.Equal(new CountedRate(300, "achieved"), SwitchoverBandwidth.Choose(900, null, 300, 100));
        Assert.Equal(new CountedRate(500, "declared"), SwitchoverBandwidth.Choose(500, 9000, 9000, 9000));
        Assert.Equal(new CountedRate(100, "measured"), SwitchoverBandwidth.Choose(null, null, 300, 100));
        Assert.Equal(new CountedRate(100, "achieved"), SwitchoverBandwidth.Choose(null, null, 100, 300));
        Assert.Equal(new CountedRate(null, "measured"), SwitchoverBandwidth.Choose(null, null, null, null));
    }
}
