using DataPlane.Control.Bandwidth;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control;

public sealed class BandwidthEstimatorTests
{
    private const long MiB = 1 << 20;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void Nothing_is_known_before_a_MiB_was_acknowledged()
    {
        var estimator = new BandwidthEstimator();
        Assert.Null(estimator.BytesPerSecond);
        estimator.Add(MiB - 1, TimeSpan.FromSeconds(1), throughout: false);
        Assert.Null(estimator.BytesPerSecond);
        estimator.Add(1, TimeSpan.Zero, throughout: false);
        Assert.Equal(MiB, estimator.BytesPerSecond);
    }

    [Fact]
    public void Bytes_in_no_time_tell_nothing()
    {
        var estimator = new BandwidthEstimator();
        estimator.Add(100 * MiB, TimeSpan.Zero, throughout: true);
        Assert.Null(estimator.BytesPerSecond);
    }

    [Theory]
    [InlineData(49, 100)]
    [InlineData(1000, 0)]
    public void A_sample_takes_both_time_and_bytes(int milliseconds, long mebibytes)
    {
        var estimator = new BandwidthEstimator();
        estimator.Add((mebibytes * MiB) + (MiB / 2), TimeSpan.FromMilliseconds(milliseconds), throughout: true);
        estimator.Add(10 * MiB, TimeSpan.FromSeconds(1), throughout: false);
        // Were it a sample, the slow stretch would not count.
        var all = ((10 + mebibytes) * MiB) + (MiB / 2);
        Assert.Equal(all / (1 + (milliseconds / 1e3)), estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void The_largest_sample_counts_and_slow_stretches_do_not()
    {
        var estimator = new BandwidthEstimator();
        estimator.Add(50 * MiB, TimeSpan.FromMilliseconds(50), throughout: true);
        for (var i = 0; i < 15; i++) estimator.Add(10 * MiB, TimeSpan.FromMilliseconds(50), throughout: true);
        estimator.Add(1, TimeSpan.FromSeconds(9), throughout: false);
        Assert.Equal(1000.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void A_sample_is_forgotten_after_sixteen_more()
    {
        var estimator = new BandwidthEstimator();
        estimator.Add(50 * MiB, TimeSpan.FromMilliseconds(50), throughout: true);
        for (var i = 0; i < 16; i++) estimator.Add(10 * MiB, TimeSpan.FromMilliseconds(50), throughout: true);
        Assert.Equal(200.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
    }

    [Fact]
    public void A_steady_rate_is_found_whatever_the_steps() =>
        PropertyCheck.Holds<byte[]>(steps =>
        {
            var estimator = new BandwidthEstimator();
            foreach (var step in (steps ?? []).Append((byte)255)) estimator.Add(step * MiB, Step * step, throughout: true);
            Assert.Equal(100.0 * MiB, estimator.BytesPerSecond!.Value, 1.0);
        });

    [Fact]
    public void Negative_amounts_are_misuse()
    {
        var estimator = new BandwidthEstimator();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Add(-1, Step, throughout: true));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Add(1, -Step, throughout: true));
    }
}
