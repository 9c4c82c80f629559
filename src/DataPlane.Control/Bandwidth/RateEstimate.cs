namespace DataPlane.Control.Bandwidth;

/// <summary>
/// A rate from samples: smoothed for what is to be expected, and the largest of the last sixteen for what has been seen to be possible.
/// Bytes per second. Not for several threads.
/// </summary>
internal sealed class RateEstimate
{
    public const int Window = 16;

    // Half of the weight lies on the last two or three samples (1 - 0.75^2.4): a link that has become slower shows within a quarter of a second.
    private const double Newest = 0.25;

    private readonly double[] _samples = new double[Window];
    private int _count;

    /// <summary>Exponentially weighted mean; null before the first sample.</summary>
    public double? Smoothed { get; private set; }

    /// <summary>When the last sample ended; null before the first.</summary>
    public TimeSpan? LastAt { get; private set; }

    /// <summary>The largest of the window; null before the first sample.</summary>
    public double? Largest
    {
        get
        {
            double? largest = null;
            foreach (var sample in _samples.AsSpan(0, Math.Min(_count, Window)))
                if (!(sample <= largest)) largest = sample;
            return largest;
        }
    }

    /// <summary>How old the last sample is at <paramref name="now"/>; null before the first.</summary>
    public TimeSpan? Age(TimeSpan now) => now - LastAt;

    public void Add(double bytesPerSecond, TimeSpan at)
    {
        _samples[_count++ % Window] = bytesPerSecond;
        Smoothed = Smoothed is { } before ? before + (Newest * (bytesPerSecond - before)) : bytesPerSecond;
        LastAt = at;
    }
}
