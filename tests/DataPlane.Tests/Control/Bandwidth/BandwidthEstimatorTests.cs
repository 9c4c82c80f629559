using DataPlane.Control.Bandwidth;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control.Bandwidth;

public sealed class BandwidthEstimatorTests
{
    private const long MiB = 1 << 20;
    private const long Frame = 2 * MiB;
    private const long LeastSample = 16 * Frame; // Of one channel.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(50);

    /// <summary>A link acknowledges whole frames, looked at every 10 ms: on a slow one most looks see none, and some see several.</summary>
    [Theory]
    [InlineData(125_000_000, 1)]
    [InlineData(125_000_000, 2)]
    [InlineData(125_000_000, 8)]
    [InlineData(1_250_000_000, 2)]
    [InlineData(12_500_000_000, 8)]
    public void Whole_frames_do_not_inflate_the_rate(long bytesPerSecond, int channels)
    {
        var estimator = new BandwidthEstimator(channels);
        long acknowledged = 0;
        for (var tick = 1; tick <= 1000; tick++)
        {
            // All channels get as far at the same time, which is the worst: their frames end together.
            var perChannel = bytesPerSecond / channels * tick / 100;
            var now = perChannel / Frame * Frame * channels;
            estimator.Add(now - acknowledged, Tick, throughout: true);
            acknowledged = now;
        }
        Assert.InRange(estimator.BytesPerSecond!.Value, 0.94 * bytesPerSecond, 1.07 * bytesPerSecond);
    }

    [Fact]
    public void Nothing_is_known_before_a_MiB_was_acknowledged()
    {
        var estimator = new BandwidthEstimator(1);
        Assert.Null(estimator.BytesPerSecond);
        estimator.Add(MiB - 1, TimeSpan.FromSeconds(1), throughout: false);
        Assert.Null(estimator.BytesPerSecond);
        estimator.Add(1, TimeSpan.Zero, throughout: false);
        Assert.Equal(MiB, estimator.BytesPerSecond);
    }

    [Fact]
    public void Bytes_in_no_time_tell_nothing()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(100 * MiB, TimeSpan.Zero, throughout: true);
        Assert.Null(estimator.BytesPerSecond);
    }

    [Theory]
    [InlineData(49, 100 * MiB)]
    [InlineData(1000, LeastSample - 1)]
    public void A_sample_takes_both_time_and_bytes(int milliseconds, long bytes)
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(bytes, TimeSpan.FromMilliseconds(milliseconds), throughout: true);
        estimator.Add(10 * MiB, TimeSpan.FromSeconds(1), throughout: false);
        // Were it a sample, the slow stretch would not count.
        Assert.Equal((bytes + (10 * MiB)) / (1 + (milliseconds / 1e3)), estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void The_largest_sample_counts_and_slow_stretches_do_not()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(100 * MiB, SampleTime, throughout: true);
        for (var i = 0; i < 15; i++) estimator.Add(LeastSample, SampleTime, throughout: true);
        estimator.Add(1, TimeSpan.FromSeconds(9), throughout: false);
        Assert.Equal(2000.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void A_sample_is_forgotten_after_sixteen_more()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(100 * MiB, SampleTime, throughout: true);
        for (var i = 0; i < 16; i++) estimator.Add(LeastSample, SampleTime, throughout: true);
        Assert.Equal(640.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void A_steady_rate_is_found_whatever_the_steps() =>
        PropertyCheck.Holds<byte[]>(steps =>
        {
            var estimator = new BandwidthEstimator(1);
            foreach (var step in (steps ?? []).Append((byte)255)) estimator.Add(step * MiB, Tick * step, throughout: true);
            Assert.Equal(100.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
        });

    [Fact]
    public void Negative_amounts_are_misuse()
    {
        var estimator = new BandwidthEstimator(1);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Add(-1, Tick, throughout: true));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Add(1, -Tick, throughout: true));
    }

    [Fact]
    public void BytesInNoTime_TellNothing()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(100 << 20, TimeSpan.Zero, throughout: true);
        Assert.Null(estimator.BytesPerSecond);
    }

    [Fact]
    public void TheLargestSampleCounts_UntilSixteenMoreHaveCome()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(100 << 20, TimeSpan.FromMilliseconds(50), throughout: true);
        for (var i = 0; i < 15; i++) estimator.Add(50 << 20, TimeSpan.FromMilliseconds(50), throughout: true);
        Assert.Equal(2000.0 * (1 << 20), estimator.BytesPerSecond!.Value, 1.0);
        estimator.Add(50 << 20, TimeSpan.FromMilliseconds(50), throughout: true);
        Assert.Equal(1000.0 * (1 << 20), estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void NegativeAmounts_AreMisuse()
    {
        var estimator = new BandwidthEstimator(1);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Add(-1, TimeSpan.Zero, throughout: true));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Add(1, TimeSpan.FromTicks(-1), throughout: true));
    }

    [Fact]
    public void What_a_cap_allowed_counts_until_the_link_was_the_limit_and_is_known_as_such()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(LeastSample, SampleTime, throughout: true, Held(SampleTime));
        Assert.True(estimator.IsCapped);
        Assert.Equal(LimitCause.Cap, estimator.Bottleneck);
        Assert.Equal(LeastSample / SampleTime.TotalSeconds, estimator.BytesPerSecond!.Value, 1.0);
        estimator.Add(2 * LeastSample, SampleTime, throughout: true, Held(SampleTime) with { Sending = SampleTime });
        Assert.Equal(2 * LeastSample / SampleTime.TotalSeconds, estimator.BytesPerSecond!.Value, 1.0);
        Assert.False(estimator.IsCapped);
    }

    [Fact]
    public void A_cap_that_held_for_a_tenth_of_the_time_was_not_the_limit()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(LeastSample, SampleTime, throughout: true, Held(SampleTime / 10) with { Sending = SampleTime });
        Assert.False(estimator.IsCapped);
        Assert.Equal(LimitCause.Link, estimator.Bottleneck);
    }

    [Fact]
    public void Before_the_first_sample_most_of_the_time_decides_whether_a_cap_was_at_work()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(2 * MiB, Tick, throughout: true, Held(Tick));
        Assert.True(estimator.IsCapped && estimator.BytesPerSecond > 0);
        estimator.Add(2 * MiB, 9 * Tick, throughout: true, Held(Tick));
        Assert.False(estimator.IsCapped);
        Assert.Null(estimator.Bottleneck);
    }

    private static StreamActivity Held(TimeSpan held) => new(1, null, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, held);
}
