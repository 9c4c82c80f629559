namespace DataPlane.Sessions;

/// <summary>This host's monotonic clock in nanoseconds.</summary>
internal sealed class SessionClock(TimeProvider time)
{
    private const long PerSecond = 1_000_000_000;

    private readonly long _frequency = time.TimestampFrequency;

    public TimeProvider Time { get; } = time;

    /// <summary>
    /// In whole numbers: a double tells nanoseconds apart for the first 104 days after the boot. Second by second, so that nothing overflows for 292 years of
    /// any clock of up to 9 GHz.
    /// </summary>
    public long Nanoseconds
    {
        get
        {
            var ticks = Time.GetTimestamp();
            if (_frequency == PerSecond) return ticks;
            var (seconds, rest) = Math.DivRem(ticks, _frequency);
            return (seconds * PerSecond) + (rest * PerSecond / _frequency);
        }
    }

    public static double Milliseconds(long nanoseconds) => nanoseconds / 1e6;
}
