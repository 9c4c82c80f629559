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
/// 1 Gbit/s, where that is three frames.) A sample taken while a cap held channels back counts too, since the link carries no less, but
/// is known as one (<see cref="IsCapped"/>). Not for several threads.
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
    private readonly bool[] _capped = new bool[Window];
    private int _count;
    private long _bytes;
    private TimeSpan _time;
    private long _allBytes;
    private TimeSpan _allTime;
    private TimeSpan _underWayTime;
    private TimeSpan _cappedTime;
    private bool _sampleCapped;

    /// <summary>Bytes per second; null while nothing is known.</summary>
    public double? BytesPerSecond
    {
        get
        {
            if (_count > 0) return _samples[Largest()];
            return _allTime > TimeSpan.Zero && _allBytes >= LeastBytes ? _allBytes / _allTime.TotalSeconds : null;
        }
    }

    /// <summary>Whether <see cref="BytesPerSecond"/> was measured while a cap held the channels back: the link may carry more.</summary>
    public bool IsCapped => _count > 0 ? _capped[Largest()] : CapWasTheLimit;

    /// <summary>Whether a cap held channels back for most of the time in which something was on its way.</summary>
    public bool CapWasTheLimit => _cappedTime > _underWayTime / 2;

    /// <summary>
    /// Adds <paramref name="acknowledged"/> bytes within <paramref name="time"/>. Only where something was on its way all the time
    /// (<paramref name="throughout"/>) does it say what the link can carry; the rest serves while nothing better is known.
    /// <paramref name="capped"/>: a cap held a channel back in that time.
    /// </summary>
    public void Add(long acknowledged, TimeSpan time, bool throughout, bool capped = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(acknowledged);
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        _allBytes += acknowledged;
        _allTime += time;
        if (!throughout) return;
        _bytes += acknowledged;
        _time += time;
        _underWayTime += time;
        _sampleCapped |= capped;
        if (capped) _cappedTime += time;
        if (_time < SampleTime || _bytes < _sampleBytes) return;
        _capped[_count % Window] = _sampleCapped;
        _samples[_count++ % Window] = _bytes / _time.TotalSeconds;
        _sampleCapped = false;
        _bytes = 0;
        _time = TimeSpan.Zero;
    }

    private int Largest()
    {
        var largest = 0;
        for (var i = 1; i < Math.Min(_count, Window); i++)
            if (_samples[i] > _samples[largest]) largest = i;
        return largest;
    }
}
