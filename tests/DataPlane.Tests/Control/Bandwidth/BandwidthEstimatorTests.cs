using DataPlane.Control.Bandwidth;
using Xunit;

namespace DataPlane.Tests.Control.Bandwidth;

public sealed class BandwidthEstimatorTests
{
    private const long Frame = 2 << 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>A link acknowledges whole frames, looked at every 10 ms: on a slow one most looks see none, and some see several.</summary>
    [Theory]
    [InlineData(125_000_000, 1)]
    [InlineData(125_000_000, 2)]
    [InlineData(125_000_000, 8)]
    [InlineData(1_250_000_000, 2)]
    [InlineData(12_500_000_000, 8)]
    public void WholeFrames_DoNotInflateTheRate(long bytesPerSecond, int channels)
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
    public void NothingIsKnown_BeforeAMebibyteCame()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add((1 << 20) - 1, Tick, throughout: true);
        Assert.Null(estimator.BytesPerSecond);
        estimator.Add(1, Tick, throughout: true);
        Assert.Equal((1 << 20) / 0.02, estimator.BytesPerSecond!.Value, 1);
    }

    [Fact]
    public void TimeWithNothingOnItsWay_IsNoSample()
    {
        var estimator = new BandwidthEstimator(1);
        estimator.Add(64 << 20, TimeSpan.FromSeconds(0.1), throughout: true);
        estimator.Add(64 << 20, TimeSpan.FromSeconds(10), throughout: false);
        Assert.Equal((64 << 20) / 0.1, estimator.BytesPerSecond!.Value, 1);
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
}
