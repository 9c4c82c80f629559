namespace DataPlane.Sessions;

/// <summary>This host's monotonic clock in nanoseconds.</summary>
internal sealed class SessionClock(TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    public long Nanoseconds => (long)(Time.GetTimestamp() * (1e9 / Time.TimestampFrequency));

    public static double Milliseconds(long nanoseconds) => nanoseconds / 1e6;
}
