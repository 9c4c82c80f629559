namespace DataPlane.Tools.Stress.Results;

/// <summary>What all runs come to.</summary>
/// <param name="All">Everything together.</param>
/// <param name="Cases">Each value of each comparison, in the order of the plan, as far as there were runs of it.</param>
internal sealed record StressSummary(StressFigures All, IReadOnlyList<StressFigures> Cases)
{
    public static StressSummary Of(IReadOnlyList<StressRun> runs) =>
        new(StressFigures.Of(runs), [.. runs.GroupBy(run => run.Round.Case).Select(group => StressFigures.Of([.. group], group.Key))]);
}
