namespace DataPlane.Results;

/// <summary>One pass: what lies between two reads of the dirty sources. The last is the final one, with the guest stopped.</summary>
public sealed record PassReport
{
    /// <summary>1 for the first pass over all memory.</summary>
    public required int Pass { get; init; }

    /// <summary>Pages to send when it began.</summary>
    public required long DirtyPages { get; init; }

    /// <summary>Pages sent with contents.</summary>
    public required long SentPages { get; init; }

    /// <summary>Pages sent as zero.</summary>
    public required long ZeroPages { get; init; }

    /// <summary>Pages left out, since the host has discarded them.</summary>
    public long DiscardedPages { get; init; }

    /// <summary>Bytes sent, headers included.</summary>
    public required long WireBytes { get; init; }

    /// <summary>Milliseconds.</summary>
    public required double DurationMs { get; init; }

    /// <summary>Milliseconds of the read of the dirty sources that ended it.</summary>
    public required double SyncMs { get; init; }

    /// <summary>Wire bytes over the duration.</summary>
    public double? BandwidthBytesPerSecond { get; init; }

    /// <summary>Bytes newly dirtied per second, over the mean time since their chunk was cleared.</summary>
    public double? DirtyBytesPerSecond { get; init; }

    /// <summary>The forecast after it, milliseconds.</summary>
    public double? ExpectedDowntimeMs { get; init; }

    /// <summary>What was decided after it: <c>continue</c>, <c>switch</c>, <c>force</c>, <c>give-up</c>, <c>refuse</c>, <c>ask</c>, <c>final</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>By how much the guest was slowed down during it, percent.</summary>
    public int CpuThrottlePercentage { get; init; }

    /// <summary>Why, as a sentence with the numbers.</summary>
    public string? Reason { get; init; }
}
