namespace DataPlane.Control.Timeline;

/// <summary>How two clocks stood during a blackout. Nanoseconds.</summary>
internal readonly record struct ClockFit
{
    /// <summary>Whether any answer bounds it on both sides; else all numbers are 0 and times are taken as they are.</summary>
    public bool Known { get; init; }

    /// <summary>The source's time at which <see cref="Offset"/> holds.</summary>
    public long At { get; init; }

    /// <summary>The destination's clock less the source's.</summary>
    public long Offset { get; init; }

    /// <summary>By how much the destination's clock gains: 0.00005 is 50 ppm.</summary>
    public double Rate { get; init; }

    /// <summary>At most how far a time of the blackout, moved to the source's clock, is off.</summary>
    public long Error { get; init; }

    /// <summary>Whether older answers could not be used, since no two clocks of steady rates can have given all of them.</summary>
    public bool Stepped { get; init; }

    /// <summary>Whether times that came with the handover's messages are impossible beside the answers to pings.</summary>
    public bool Contradicted { get; init; }

    /// <summary>A time of the source's clock on the destination's.</summary>
    public long ToDestination(long source) => source + Offset + (long)((source - At) * Rate);

    /// <summary>A time of the destination's clock on the source's. Any number is taken; what no clock can show stays out of reach of any.</summary>
    public long ToSource(long destination)
    {
        var passed = (Int128)destination - Offset - At;
        var source = At + passed - (Int128)((double)passed * (Rate / (1 + Rate)));
        return (long)Int128.Clamp(source, long.MinValue / 2, long.MaxValue / 2);
    }
}
