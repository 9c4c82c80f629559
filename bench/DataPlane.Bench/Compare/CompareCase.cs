namespace DataPlane.Bench.Compare;

/// <summary>A case: who is compared, on what, and what is to be reached.</summary>
/// <param name="Name">For <c>--only</c>.</param>
/// <param name="State">State of the memory on both sides, congestion control, and what is timed: without them no figure means anything.</param>
internal sealed record CompareCase(string Name, string State)
{
    /// <summary>What the memory holds.</summary>
    public MemoryContents Contents { get; init; } = MemoryContents.Random;

    /// <summary>Whether it is a case of memory in huge pages, whatever <c>--pages</c> says.</summary>
    public bool HugePages { get; init; }

    /// <summary>The most memory that the case makes sense with; on a slow link more only takes longer.</summary>
    public long MostBytes { get; init; } = long.MaxValue;

    /// <summary>In the order of the table, and of each round.</summary>
    public required Func<GuestFiles, IReadOnlyList<Contender>> Contenders { get; init; }

    public IReadOnlyList<Goal> Goals { get; init; } = [];
}
