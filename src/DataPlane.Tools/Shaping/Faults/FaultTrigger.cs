namespace DataPlane.Tools.Shaping;

/// <summary>One fault of a plan, and where it strikes next: at a byte, or at a tick of <see cref="TimeSpan"/>. Under its board's lock.</summary>
internal sealed class FaultTrigger
{
    private const double GigabyteBytes = 1e9;

    private readonly Random _random;
    private long _passed;

    public FaultTrigger(LinkFault fault, int seed)
    {
        Fault = fault;
        _random = new Random(seed);
        Point = fault.AtBytes ?? fault.AtTime?.Ticks ?? Draw();
    }

    public LinkFault Fault { get; }

    public bool IsByBytes => Fault.AtBytes is not null || Fault.PerGigabyte is not null;

    /// <summary>Whether it comes again, so that a moment without anybody to strike may pass.</summary>
    public bool Recurs => Fault.PerHour is not null || Fault.PerGigabyte is not null;

    /// <summary>Where it strikes next; the greatest number where it does no more.</summary>
    public long Point { get; private set; }

    /// <summary>Bytes from here to that point.</summary>
    public long Left => Point == long.MaxValue ? long.MaxValue : Point - _passed;

    public bool Admits(LaneRole role) => Fault.Target switch
    {
        LinkFaultTarget.Control => role == LaneRole.Control,
        LinkFaultTarget.Data => role == LaneRole.Data,
        _ => role != LaneRole.Unknown,
    };

    public void Pass(int bytes) => _passed += bytes;

    /// <summary>It has struck, or passed: on to the next point.</summary>
    public void Advance() => Point = Recurs ? Point + Draw() : long.MaxValue;

    public int Below(int count) => _random.Next(count);

    // Moments that know nothing of each other lie apart as the logarithm has it.
    private long Draw()
    {
        var mean = Fault.PerGigabyte is { } often ? GigabyteBytes / often : TimeSpan.TicksPerHour / Fault.PerHour!.Value;
        return Math.Max(1, (long)(-Math.Log(1 - _random.NextDouble()) * mean));
    }
}
