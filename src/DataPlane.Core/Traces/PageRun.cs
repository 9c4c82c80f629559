namespace DataPlane.Core.Traces;

/// <summary>Pages that follow each other.</summary>
/// <param name="First">The first, counted from 0 over all of memory, block after block without gaps.</param>
/// <param name="Count">How many, at least one.</param>
public readonly record struct PageRun(long First, long Count)
{
    /// <summary>The page behind the last.</summary>
    public long End => First + Count;
}
