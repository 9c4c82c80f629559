namespace DataPlane.Tools.Shaping;

/// <summary>What a link is to be like. Immutable; checked as a whole by <see cref="Validate"/>.</summary>
public sealed record LinkShape
{
    /// <summary>The longest <see cref="Delay"/>: more than once around the world by satellite.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private const long LeastRate = 1000;
    private const long MostRate = 125_000_000_000;

    /// <summary>Most bytes a second in each direction, packets' headers included where the kernel holds the rate; 1000 to 1.25e11. Null: as fast as the host goes.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How long everything is on its way in one direction, so that a round trip takes twice that. None; at most 10 s.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>By how much a delay differs from <see cref="Delay"/> at most, either way, at random; at most the delay. Bytes stay in order. None.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>What goes wrong on the link. Null: nothing.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>Whether nothing is asked of the link.</summary>
    public bool IsPlain => BytesPerSecond is null && Delay == TimeSpan.Zero && Faults is not { Faults.Count: > 0 };

    /// <summary>Every fault of this shape, each a sentence; empty when it can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var faults = new List<string>();
        if (BytesPerSecond is < LeastRate or > MostRate) faults.Add($"{nameof(BytesPerSecond)} is {BytesPerSecond}; accepted: {LeastRate} (8 kbit/s) to {MostRate} (1 Tbit/s).");
        if (Delay < TimeSpan.Zero || Delay > LongestDelay) faults.Add($"{nameof(Delay)} is {Delay}; accepted: none to {LongestDelay.TotalSeconds:0} s.");
        if (Jitter < TimeSpan.Zero || Jitter > Delay) faults.Add($"{nameof(Jitter)} is {Jitter.TotalMilliseconds:0.###} ms; accepted: none up to the delay, {Delay.TotalMilliseconds:0.###} ms.");
        if (Faults is not null) faults.AddRange(Faults.Validate());
        return faults;
    }
}
