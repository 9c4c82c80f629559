using DataPlane.Core.Traces;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Cli.Record;

/// <summary>How much memory was written within stretches of time of one length.</summary>
/// <param name="MeanBytes">On average.</param>
/// <param name="LargestBytes">At most.</param>
internal sealed record WorkingSetReport(double MeanBytes, long LargestBytes)
{
    public static WorkingSetReport Of(DirtyTrace trace, int seconds)
    {
        var (mean, largest) = TraceFigures.WorkingSet(trace, TimeSpan.FromSeconds(seconds));
        return new WorkingSetReport(mean * PageSize, largest * PageSize);
    }
}
