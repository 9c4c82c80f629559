using DataPlane.Core.Memory;

namespace DataPlane.Control.Bandwidth;

/// <summary>
/// What the link has shown it can carry: acknowledged bytes over the time in which something was on its way. Samples of at least
/// 50 ms and sixteen stripes per channel go into a window of the last sixteen, and the largest counts: everything that limits other
/// than the link (scanning zeros, a small pass) only makes a sample smaller. While there is none the mean of all time serves, and
/// before 1 MiB was acknowledged nothing is known.
/// </summary>
/// <remarks>
/// Acknowledgements come every 10 ms, so a sample of 50 ms is off by at most a fifth. They count whole frames, of a stripe at most: a
/// channel's part of a sample is off by one, so a sample by at most a sixteenth. (Samples of 50 ms alone made 1.4 Gbit/s out of a link of
/// 1 Gbit/s, where that is three frames.) Not for several threads.
/// </remarks>
/// <param name="channels">How many channels are acknowledged together.</param>
internal sealed class BandwidthEstimator(int channels)
{
    private const int Window = 16;
    private const int StripesPerSample = 16;
    private const long LeastBytes = 1 << 20;
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(50);

    private readonly long _sampleBytes = (long)channels * StripesPerSample * PageGeometry.StripeSize;
    private readonly double[] _samples = new double[Window];
    private int _count;
    private long _bytes;
    private TimeSpan _time;
    private long _allBytes;
    private TimeSpan _allTime;

    /// <summary>Bytes per second; null while nothing is known.</summary>
    public double? BytesPerSecond
    {
        get
        {
            var largest = _samples.AsSpan(0, Math.Min(_count, Window));
            if (largest.Length > 0) return Max(largest);
            return _allTime > TimeSpan.Zero && _allBytes >= LeastBytes ? _allBytes / _allTime.TotalSeconds : null;
        }
    }

    /// <summary>
    /// Adds <paramref name="acknowledged"/> bytes within <paramref name="time"/>. Only where something was on its way all the time
    /// (<paramref name="throughout"/>) does it say what the link can carry; the rest serves while nothing better is known.
    /// </summary>
    public void Add(long acknowledged, TimeSpan time, bool throughout)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(acknowledged);
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        _allBytes += acknowledged;
        _allTime += time;
        if (!throughout) return;
        _bytes += acknowledged;
        _time += time;
        if (_time < SampleTime || _bytes < _sampleBytes) return;
        _samples[_count++ % Window] = _bytes / _time.TotalSeconds;
        _bytes = 0;
        _time = TimeSpan.Zero;
    }

    private static double Max(ReadOnlySpan<double> values)
    {
        var max = values[0];
        foreach (var value in values) max = Math.Max(max, value);
        return max;
    }
}
