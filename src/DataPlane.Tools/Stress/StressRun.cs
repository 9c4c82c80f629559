using DataPlane.Results;

namespace DataPlane.Tools.Stress;

/// <summary>One migration as it turned out.</summary>
/// <param name="Round">What it was of.</param>
/// <param name="Guest">Which of the guests beside each other, from 1.</param>
/// <param name="Move">Which of a guest's moves back and forth, from 1.</param>
/// <param name="Link">Over what, in words.</param>
/// <param name="Expected">How it was to end.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Why">Why not as expected, as sentences; empty where it was.</param>
/// <param name="Repeat">The command line that repeats it.</param>
/// <param name="Result">The whole result.</param>
internal sealed record StressRun(
    StressRound Round, int Guest, int Move, string Link, StressExpectation Expected, StressVerdict Verdict, IReadOnlyList<string> Why, string Repeat,
    MigrationResult Result)
{
    /// <summary>How many faults had struck the link by the end of it.</summary>
    public int FaultsStruck { get; init; }

    /// <summary>Whether its figures count: it completed, and proves something.</summary>
    public bool Counts => Result.Status == MigrationStatus.Completed && Verdict is StressVerdict.Passed or StressVerdict.Failed;
}
