namespace DataPlane.Bench.Compare;

/// <summary>One of those that are compared.</summary>
/// <param name="Name">For the table, and for goals to name it.</param>
/// <param name="RunAsync">One run from start to end.</param>
internal sealed record Contender(string Name, Func<Task<CompareSample>> RunAsync)
{
    /// <summary>Why it cannot run here; null where it can.</summary>
    public string? Missing { get; init; }

    /// <summary>
    /// Whether the destination's memory is spoilt before and compared afterwards. Not for those that send no guest's memory, or that have memory of
    /// their own.
    /// </summary>
    public bool IsChecked { get; init; } = true;
}
