using DataPlane.Sessions;

namespace DataPlane.Telemetry;

/// <summary>Times of the monotonic clock as times of day, for spans: read together once, so that a wall clock that is set meanwhile moves none of them.</summary>
internal sealed class SessionClockBridge(SessionClock clock)
{
    private readonly DateTime _day = clock.Time.GetUtcNow().UtcDateTime;
    private readonly long _nanoseconds = clock.Nanoseconds;

    public DateTime Day(long nanoseconds) => _day.AddTicks((nanoseconds - _nanoseconds) / TimeSpan.NanosecondsPerTick);
}
