namespace DataPlane.Control.Convergence;

/// <summary>
/// How the guest dirties memory: how fast at first, and towards which working set. A page counts once however often it is written, so in a
/// time t the guest makes W (1 - exp(-r t / W)) bytes dirty anew: at first at the rate r, in the end the working set W. Pure.
/// </summary>
internal sealed class DirtyModel
{
    private const int Window = 16;

    // Beyond this the logarithm only magnifies noise.
    private const double MostMet = 0.95;

    // An observation of 50 ms moves the rate by two thirds; one of 5 ms, which holds few pages, by a tenth.
    private static readonly TimeSpan Memory = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LeastExposure = TimeSpan.FromMilliseconds(1);

    private readonly (double Bytes, double Seconds)[] _seen = new (double, double)[Window];
    private int _count;
    private double _initial;

    /// <summary>Bytes newly dirtied per second, smoothed; null before anything was observed.</summary>
    public double? BytesPerSecond { get; private set; }

    /// <summary>Bytes towards which the dirty memory grows; null where it has not been seen to level off.</summary>
    public double? WorkingSetBytes { get; private set; }

    /// <summary>Observations so far.</summary>
    public int Count => _count;

    /// <summary><paramref name="newBytes"/> became dirty that had been clean for <paramref name="exposure"/> on average.</summary>
    public void Add(long newBytes, TimeSpan exposure)
    {
        if (exposure < LeastExposure) return;
        var seconds = exposure.TotalSeconds;
        _seen[_count++ % Window] = (newBytes, seconds);
        var weight = _count == 1 ? 1 : Math.Max(0.1, 1 - Math.Exp(-exposure / Memory));
        var before = BytesPerSecond ?? 0;
        BytesPerSecond = before + (weight * ((newBytes / seconds) - before));
        WorkingSetBytes = Fit();
        _initial += weight * Telling(newBytes) * (InitialRate(newBytes, seconds) - _initial);
    }

    /// <summary>Bytes that become dirty anew within <paramref name="time"/>; 0 while nothing is known.</summary>
    public double NewBytesAfter(TimeSpan time)
    {
        var linear = _initial * time.TotalSeconds;
        return WorkingSetBytes is > 0 and var set ? set * (1 - Math.Exp(-linear / set)) : linear;
    }

    /// <summary>
    /// What is left after each of endless passes at <paramref name="bytesPerSecond"/>, none shorter than <paramref name="shortest"/>: sending
    /// x takes x / bandwidth, in which so much becomes dirty again. The largest x that reproduces itself, which is where passes that begin
    /// with all memory come to rest. Infinite where the guest is faster than the link and no working set is in sight.
    /// </summary>
    public double RestingBytes(double bytesPerSecond, TimeSpan shortest, double allBytes)
    {
        var left = allBytes;
        for (var pass = 0; pass < 200; pass++)
        {
            var time = TimeSpan.FromSeconds(Math.Clamp(left / bytesPerSecond, shortest.TotalSeconds, 1e6));
            var next = Math.Min(allBytes, NewBytesAfter(time));
            if (Math.Abs(next - left) <= left * 1e-3) return next;
            left = next;
        }
        return left;
    }

    /// <summary>The rate at which it began: what was seen, made good for the pages that were dirty already.</summary>
    private double InitialRate(double bytes, double seconds) =>
        WorkingSetBytes is { } set ? -set / seconds * Math.Log(1 - Math.Min(MostMet, bytes / set)) : bytes / seconds;

    /// <summary>The more of the set has been met, the less is told of the rate at which that began: it would look the same after half the time.</summary>
    private double Telling(double bytes) => WorkingSetBytes is { } set ? 1 - Math.Min(MostMet, bytes / set) : 1;

    /// <summary>
    /// The working set from short looks and the longest: those tell the rate, and by how much this one fell behind it tells how much of the set
    /// it had met. A fifth is the least that is no accident.
    /// </summary>
    private double? Fit()
    {
        var seen = _seen.AsSpan(0, Math.Min(_count, Window));
        double longest = 0, met = 0, bytes = 0, seconds = 0;
        foreach (var look in seen)
            if (look.Seconds > longest) (met, longest) = look;
        foreach (var look in seen)
        {
            if (look.Seconds > longest / 2) continue;
            bytes += look.Bytes;
            seconds += look.Seconds;
        }
        var rate = seconds > 0 ? bytes / seconds : 0;
        if (met <= 0 || met > 0.8 * rate * longest) return null;
        double low = met, high = 100 * met;
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            if (middle * (1 - Math.Exp(-rate * longest / middle)) < met) low = middle;
            else high = middle;
        }
        return high;
    }
}
