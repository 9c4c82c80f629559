namespace DataPlane.Control.Timeline;

/// <summary>
/// What one message says about two clocks, since none is heard before it was said: at the source's time <see cref="At"/> the destination's clock
/// was ahead of the source's by at most (or at least) <see cref="Offset"/>. Nanoseconds.
/// </summary>
internal readonly record struct ClockBound(long At, long Offset, bool IsUpper)
{
    // A monotonic clock counts from a boot: 36 years are nobody's, and leave room to subtract.
    private const long Absurd = 1L << 60;

    /// <summary>Said by the source at <paramref name="sent"/>, heard by the destination at <paramref name="heard"/>, each on its own clock.</summary>
    public static ClockBound FromSource(long sent, long heard) => Make(sent, heard, isUpper: true);

    /// <summary>Said by the destination at <paramref name="sent"/>, heard by the source at <paramref name="heard"/>, each on its own clock.</summary>
    public static ClockBound FromDestination(long sent, long heard) => Make(heard, sent, isUpper: false);

    /// <summary>Whether both times can be those of a clock.</summary>
    public static bool CanBe(long time) => time is > -Absurd and < Absurd;

    // Times that can not be are kept as a bound that nothing fits: below any clock, or above.
    private static ClockBound Make(long source, long destination, bool isUpper) =>
        CanBe(source) && CanBe(destination) ? new ClockBound(source, destination - source, isUpper) : new ClockBound(0, isUpper ? -2 * Absurd : 2 * Absurd, isUpper);
}
