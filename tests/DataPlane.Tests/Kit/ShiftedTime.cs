namespace DataPlane.Tests.Kit;

/// <summary>The system's clocks as another host has them: the monotonic one ahead, and running faster or slower. A test may make it leap.</summary>
internal sealed class ShiftedTime(TimeSpan ahead, double ppm) : TimeProvider
{
    private readonly long _began = System.GetTimestamp();
    private long _leap;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => Of(System.GetTimestamp());

    /// <summary>What this clock shows at a time of the system's.</summary>
    public long Of(long system) =>
        system + (long)(ahead.TotalSeconds * TimestampFrequency) + (long)((system - _began) * (ppm / 1e6)) + Volatile.Read(ref _leap);

    /// <summary>Either way.</summary>
    public void Leap(TimeSpan by) => Interlocked.Add(ref _leap, (long)(by.TotalSeconds * TimestampFrequency));
}
