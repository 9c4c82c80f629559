namespace DataPlane.Sessions;

/// <summary>
/// How long something has stood still, counted in the rounds of whoever looks at it. A round that comes late counts as two at most: this
/// process did not run meanwhile, or its clock leapt over a suspend, and what could not be heard is not held against the peer.
/// </summary>
internal sealed class Stillness(TimeSpan round)
{
    private long _mark;
    private TimeSpan _still;

    /// <summary>Often enough that a limit is overdrawn by a quarter at most, and by no more than a second.</summary>
    public static TimeSpan RoundFor(TimeSpan limit) => TimeSpan.FromTicks(Math.Clamp(limit.Ticks / 8, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond / 2));

    /// <summary>One look: how long <paramref name="mark"/> has been the same while something was waited for.</summary>
    public TimeSpan Look(long mark, bool waiting, TimeSpan sinceLast)
    {
        _still = waiting && mark == _mark ? _still + (sinceLast < 2 * round ? sinceLast : 2 * round) : TimeSpan.Zero;
        _mark = mark;
        return _still;
    }
}
