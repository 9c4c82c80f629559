using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Writing;

/// <summary>
/// Holds a writer to its rate: says how long to wait after so many writes. Its clock stands while the guest does, and is saved
/// with the guest, so that the other side goes on in the same place of a burst. One thread at a time.
/// </summary>
internal sealed class WriterPace(TimeProvider time)
{
    /// <summary>
    /// What a writer that was held back may catch up: a tenth of a second of its rate. More would turn a starved guest into one
    /// that dirties at full speed afterwards.
    /// </summary>
    private const long MaxLagNanoseconds = 100_000_000;

    private const int MostThrottled = 99;

    private long _resumedAt;
    private long _resting;
    private int _inForce;
    private ulong _seen;
    private volatile int _throttled;

    /// <summary>Nanoseconds of writing that have passed since <see cref="Begin"/>, less what was forgiven.</summary>
    public long Clock { get; set; }

    /// <summary>Writes made before that, which the rate does not count.</summary>
    public ulong CountBefore { get; set; }

    /// <summary>Counts anew, for another rate.</summary>
    public void Begin(ulong count)
    {
        (Clock, CountBefore) = (0, count);
        _resumedAt = time.GetTimestamp();
    }

    public void Resume() => _resumedAt = time.GetTimestamp();

    /// <summary>
    /// Keeps the writer from its work for so much of the time: its clock goes slower by as much, so that its rate shrinks to the rest; a
    /// writer that is behind its rate rests after each batch instead. For any thread; in force within a batch.
    /// </summary>
    public void Throttle(int percent) => _throttled = Math.Clamp(percent, 0, MostThrottled);

    public void Pause() => Clock = Now();

    /// <summary>
    /// Nanoseconds to wait before the next write; 0 for none, negative for ever. A rest is asked for once: who asks again has written nothing since, and however
    /// late it is, that is not work to rest from.
    /// </summary>
    public long Wait(in WriterBlock writer)
    {
        if (writer.BytesPerSecond == 0) return -1;
        var throttled = _throttled;
        var ran = Elapse(throttled, wrote: writer.Count != _seen);
        _seen = writer.Count;
        if (writer.BytesPerSecond >= DirtyOrders.Unlimited) return _resting = ran * throttled / (100 - throttled);
        var wait = Due(writer) - Now();
        if (wait < -MaxLagNanoseconds) Clock += wait + MaxLagNanoseconds;
        if (throttled == 0) return Math.Max(0, wait);
        _resting = wait > 0 ? wait * 100 / (100 - throttled) : ran * throttled / (100 - throttled);
        return _resting;
    }

    /// <summary>
    /// Lets the clock go on to now, at what was in force since the last look; from now on <paramref name="throttled"/> is. Returns how long the writer worked
    /// where it is throttled.
    /// </summary>
    private long Elapse(int throttled, bool wrote)
    {
        if (throttled == 0 && _inForce == 0) return 0;
        var now = time.GetTimestamp();
        var elapsed = (long)time.GetElapsedTime(_resumedAt, now).TotalNanoseconds;
        Clock += elapsed * (100 - _inForce) / 100;
        var worked = throttled > 0 && wrote ? Math.Clamp(elapsed - _resting, 0, MaxLagNanoseconds) : 0;
        (_resumedAt, _inForce, _resting) = (now, throttled, 0);
        return worked;
    }

    private long Now() => Clock + ((long)time.GetElapsedTime(_resumedAt).TotalNanoseconds * (100 - _inForce) / 100);

    /// <summary>The clock at which as many writes are due as were made.</summary>
    private long Due(in WriterBlock writer)
    {
        var spent = (Int128)(writer.Count - CountBefore) * PageSize * 1_000_000_000 / writer.BytesPerSecond;
        if (writer.BurstPeriodNanoseconds < 2) return (long)spent;
        // All of a period's writes fall into its first half, at twice the rate.
        var half = (Int128)(writer.BurstPeriodNanoseconds / 2);
        var active = spent / 2;
        return (long)((active / half * 2 * half) + (active % half));
    }
}
