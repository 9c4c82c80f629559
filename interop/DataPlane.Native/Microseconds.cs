namespace DataPlane.Native;

/// <summary>Times as they cross the border: microseconds, -1 where not known.</summary>
internal static class Microseconds
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    /// <summary>What is longer than a TimeSpan holds is refused by every range of the options, so it is cut.</summary>
    public static TimeSpan ToTime(long us) => new(Math.Clamp(us, long.MinValue / TicksPerMicrosecond, long.MaxValue / TicksPerMicrosecond) * TicksPerMicrosecond);

    public static long Of(TimeSpan? time) => time is { } known ? (long)known.TotalMicroseconds : -1;

    public static long OfMs(double? ms) => Figure.Of(ms * 1000);
}
