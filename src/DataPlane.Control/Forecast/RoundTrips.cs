namespace DataPlane.Control.Forecast;

/// <summary>
/// Round trips of late: the median of the last nine, since a peer that once stood still for seconds says nothing of the next answer; and the
/// fastest of all. Pure; not for several threads.
/// </summary>
internal sealed class RoundTrips
{
    private const int Window = 9;

    // Of a normal distribution the median deviation is 0.67 of the standard deviation.
    private const double StandardPerMedian = 1.5;

    private readonly TimeSpan[] _last = new TimeSpan[Window];
    private int _count;

    /// <summary>The median, and the median deviation from it as a standard one; zero before the first.</summary>
    public Estimate Estimate
    {
        get
        {
            var sorted = _last[..Math.Min(_count, Window)];
            if (sorted.Length == 0) return Estimate.Zero;
            var median = Middle(sorted);
            for (var i = 0; i < sorted.Length; i++) sorted[i] = (sorted[i] - median).Duration();
            return new Estimate(median, Middle(sorted) * StandardPerMedian);
        }
    }

    /// <summary>The fastest so far; zero before the first.</summary>
    public TimeSpan Fastest { get; private set; }

    public void Add(TimeSpan roundTrip)
    {
        Fastest = _count == 0 || roundTrip < Fastest ? roundTrip : Fastest;
        _last[_count++ % Window] = roundTrip;
    }

    private static TimeSpan Middle(TimeSpan[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
