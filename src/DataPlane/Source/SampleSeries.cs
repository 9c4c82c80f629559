namespace DataPlane.Source;

/// <summary>
/// Samples of something that goes on for as long as it likes, in bounded room: where there is none left, every other one goes, and the next come half as often. Times are of one
/// clock, of any unit. Added to by one at a time; whether one is due may be asked by anybody.
/// </summary>
/// <param name="most">An even number.</param>
/// <param name="interval">At least so far apart are they at first.</param>
/// <param name="costShare">Taking one may take that part of the time.</param>
internal sealed class SampleSeries<T>(int most, long interval, int costShare)
{
    private readonly T[] _samples = new T[most];
    private int _count;
    private long _interval = interval;
    private long _next = long.MinValue;

    /// <summary>In the order of time.</summary>
    public ReadOnlySpan<T> All => _samples.AsSpan(0, _count);

    public bool IsDue(long now) => now >= Volatile.Read(ref _next);

    /// <param name="sample">What was taken.</param>
    /// <param name="began">When its taking began.</param>
    /// <param name="cost">How long that took.</param>
    public void Add(T sample, long began, long cost)
    {
        if (_count == most)
        {
            for (var i = 0; i < most / 2; i++) _samples[i] = _samples[2 * i];
            _count = most / 2;
            _interval *= 2;
        }
        _samples[_count++] = sample;
        Volatile.Write(ref _next, began + Math.Max(_interval, costShare * cost));
    }
}
