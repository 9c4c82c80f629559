namespace DataPlane.Results;

/// <summary>Counts of memory, with QEMU's names and units.</summary>
public sealed record RamReport
{
    /// <summary>Bytes of guest RAM.</summary>
    public required long Total { get; init; }

    /// <summary>Bytes sent on the data channels, headers included.</summary>
    public required long Transferred { get; init; }

    /// <summary>Bytes not yet acknowledged, or marked again.</summary>
    public required long Remaining { get; init; }

    /// <summary>Pages sent as zero.</summary>
    public required long Duplicate { get; init; }

    /// <summary>Pages left out, since the source's host has discarded them: each as often as its turn came. 0 on the destination.</summary>
    public long Discarded { get; init; }

    /// <summary>Pages sent with contents.</summary>
    public required long Normal { get; init; }

    /// <summary>Bytes of those.</summary>
    public required long NormalBytes { get; init; }

    /// <summary>Bytes after compression; null without.</summary>
    public long? CompressedBytes { get; init; }

    /// <summary>Bytes of a page.</summary>
    public int PageSize { get; init; } = 4096;

    /// <summary>Reads of the dirty sources.</summary>
    public required int DirtySyncCount { get; init; }

    /// <summary>Pages dirtied per second, last measured.</summary>
    public double? DirtyPagesRate { get; init; }

    /// <summary>Pages sent per second over the passes.</summary>
    public double? PagesPerSecond { get; init; }

    /// <summary>Megabit per second over the passes.</summary>
    public double? Mbps { get; init; }

    /// <summary>Bytes sent on the data channels; all memory goes there.</summary>
    public required long MultifdBytes { get; init; }
}
