namespace DataPlane.Control.Forecast;

/// <summary>
/// What a read of the dirty sources takes once the guest stands: the least of the last nine, by the CPU time that they needed. What the reads of the passes wait for ends with
/// the stop: vCPUs that want the same cores, and whose faults hold the locks that the read needs; and the fewer pages were
/// dirtied since the one before, the less there is to find. Pure; not for several threads.
/// </summary>
internal sealed class ReadCost
{
    private const int Window = 9;

    private static readonly Estimate Guess = Estimate.Microseconds(100, 50);

    private readonly TimeSpan[] _last = new TimeSpan[Window];
    private int _count;

    /// <summary>The least, and half of it as a deviation: two reads of the same cost differ by that.</summary>
    public Estimate Estimate
    {
        get
        {
            if (_count == 0) return Guess;
            var least = _last[..Math.Min(_count, Window)].Min();
            return new Estimate(least, least / 2);
        }
    }

    /// <summary>A read that needed <paramref name="cpu"/>.</summary>
    public void Add(TimeSpan cpu) => _last[_count++ % Window] = cpu;
}
