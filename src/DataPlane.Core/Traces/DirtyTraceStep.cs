using System.Collections.Immutable;

namespace DataPlane.Core.Traces;

/// <summary>
/// What was written between the end of the step before, or the beginning, and <paramref name="End"/>. A page that is written in several steps stands
/// in each of them, once: so tells it a dirty log that is read and armed again at the end of each step.
/// </summary>
/// <param name="End">Since the recording began.</param>
/// <param name="Pages">In ascending order; no page twice. Two runs may touch.</param>
public sealed record DirtyTraceStep(TimeSpan End, ImmutableArray<PageRun> Pages)
{
    /// <summary>Pages written in this step.</summary>
    public long PageCount
    {
        get
        {
            long count = 0;
            foreach (var run in Pages) count += run.Count;
            return count;
        }
    }
}
