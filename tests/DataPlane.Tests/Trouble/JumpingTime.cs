namespace DataPlane.Tests.Trouble;

/// <summary>The system's clocks, until a test makes one of them jump. Timers go on as they are.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _wall;
    private long _leap;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _wall));

    public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _leap);

    /// <summary>The wall clock, either way.</summary>
    public void JumpWall(TimeSpan by) => Interlocked.Add(ref _wall, by.Ticks);

    /// <summary>The monotonic clock, ahead.</summary>
    public void Leap(TimeSpan by) => Interlocked.Add(ref _leap, (long)(by.TotalSeconds * TimestampFrequency));
}
