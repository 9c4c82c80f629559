using DataPlane.Core.Memory;

namespace DataPlane.Control.Bandwidth;

/// <summary>
/// What the stream has shown: acknowledged bytes over the time in which something was on its way, in samples of at least 50 ms and sixteen
/// stripes per channel. Each sample is flagged with what limited it, and the rates seen at the link's limit are kept apart from the others:
/// those say only that the link can carry at least as much. Before 1 MiB was acknowledged nothing is known.
/// </summary>
/// <remarks>
/// Acknowledgements come every 10 ms, so a sample of 50 ms is off by at most a fifth. They count whole frames, of a stripe at most: a
/// channel's part of a sample is off by one, so a sample by at most a sixteenth. (Samples of 50 ms alone made 1.4 Gbit/s out of a link of
/// 1 Gbit/s, where that is three frames.) Added to by one thread; the numbers may be read beside it and are then those of a moment ago.
/// </remarks>
/// <param name="channels">How many channels are acknowledged together.</param>
internal sealed class BandwidthEstimator(int channels)
{
    private const int StripesPerSample = 16;
    private const long LeastBytes = 1 << 20;
    private static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(50);
    private static readonly int CauseCount = Enum.GetValues<LimitCause>().Length;

    // Compressed pages travel by 64 at most.
    private const int PagesPerEncodedFrame = 64;

    // A kernel's clock of 4 ms and less tells nothing of shorter stretches.
    private static readonly TimeSpan LeastBusy = TimeSpan.FromMilliseconds(8);

    private readonly long _framesPerSample = (long)channels * StripesPerSample;
    private readonly TimeSpan[] _limited = new TimeSpan[CauseCount];
    private StreamActivity _atSample;
    private StreamActivity _latest;
    private long _bytes;
    private TimeSpan _time;
    private long _allBytes;
    private TimeSpan _allTime;

    /// <summary>Seen while the link was the limit.</summary>
    public RateEstimate Link { get; } = new();

    /// <summary>Seen while something else was.</summary>
    public RateEstimate Source { get; } = new();

    /// <summary>
    /// What the link does while it has something to do, from samples in which something else was the limit: their bytes over the kernels' busy
    /// time, the channels' added up. Less than the truth where they were busy at the same time; nothing on sockets whose kernel does not tell.
    /// </summary>
    public RateEstimate Attributed { get; } = new();

    /// <summary>What limited the last sample; null before the first.</summary>
    public LimitCause? LastCause { get; private set; }

    /// <summary>What limited most of the time that samples cover; before the first, whether it was a cap, else null.</summary>
    public LimitCause? Bottleneck
    {
        get
        {
            var most = 0;
            for (var cause = 1; cause < CauseCount; cause++)
                if (_limited[cause] > _limited[most]) most = cause;
            if (_limited[most] > TimeSpan.Zero) return (LimitCause)most;
            return _latest.LimitOf(_allTime) == LimitCause.Cap ? LimitCause.Cap : null;
        }
    }

    /// <summary>Whether <see cref="BytesPerSecond"/> is what the user's cap allowed: the link may carry more, and in the blackout does.</summary>
    public bool IsCapped => Link.Largest is null && Bottleneck == LimitCause.Cap;

    /// <summary>Time since the first acknowledgement was looked for: the clock of the samples.</summary>
    public TimeSpan Now => _allTime;

    /// <summary>
    /// Bytes per second to count on: the larger of what the link has carried at its limit and what it has carried at another's, or else the
    /// mean of all time; null while nothing is known.
    /// </summary>
    public double? BytesPerSecond
    {
        get
        {
            if (Link.Largest is { } link) return Math.Max(link, Source.Largest ?? 0);
            return Source.Largest ?? Mean;
        }
    }

    /// <summary>
    /// Bytes per second to be expected: what a link does at its limit, and not the best that was ever seen; where it was never the limit, what it did by the
    /// time that the kernel attributes to it, or more. Null while nothing is known.
    /// </summary>
    public double? Expected => Link.Smoothed ?? (Attributed.Smoothed > BytesPerSecond ? Attributed.Smoothed : BytesPerSecond);

    /// <summary>Whether <see cref="Expected"/> is what the link carries; else something else was the limit, and what goes past that may go faster.</summary>
    public bool IsLinks => Link.Smoothed is not null || Attributed.Smoothed is not null;

    /// <summary>Bytes per second over all time with something on its way, whatever limited it; null while nothing is known.</summary>
    public double? Mean => _allTime > TimeSpan.Zero && _allBytes >= LeastBytes ? _allBytes / _allTime.TotalSeconds : null;

    /// <summary>
    /// Adds <paramref name="acknowledged"/> bytes within <paramref name="time"/>. Only where something was on its way all the time
    /// (<paramref name="throughout"/>) does it say what the link can carry; the rest serves while nothing better is known.
    /// <paramref name="total"/> tells what the channels have done up to now; without it the link counts as the limit.
    /// </summary>
    public void Add(long acknowledged, TimeSpan time, bool throughout, in StreamActivity total = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(acknowledged);
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        _allBytes += acknowledged;
        _allTime += time;
        _latest = total;
        if (!throughout) return;
        _bytes += acknowledged;
        _time += time;
        if (_time < SampleTime || _bytes < _framesPerSample * (total.Compresses ? PagesPerEncodedFrame * PageGeometry.PageSize : PageGeometry.StripeSize)) return;
        var done = total.Since(_atSample);
        var cause = done.LimitOf(_time);
        (cause == LimitCause.Link ? Link : Source).Add(_bytes / _time.TotalSeconds, _allTime);
        if (cause != LimitCause.Link && done.Busy >= LeastBusy)
            Attributed.Add(_bytes / Math.Min(_time.TotalSeconds, done.Busy.Value.TotalSeconds), _allTime);
        _limited[(int)cause] += _time;
        LastCause = cause;
        _atSample = total;
        _bytes = 0;
        _time = TimeSpan.Zero;
    }
}
