using DataPlane.Results;

namespace DataPlane.Tools.Stress;

/// <summary>What was seen of one migration.</summary>
/// <param name="Result">The source's result.</param>
/// <param name="AtSource">Whether the guest runs, whole, at the source.</param>
/// <param name="AtDestination">Whether it runs, whole, at the destination.</param>
/// <param name="Dirties">Whether the guest was to write.</param>
/// <param name="Interrupted">Whether somebody asked for an end before this run had ended.</param>
/// <param name="Faults">What else does not hold, as sentences.</param>
internal sealed record StressEvidence(
    MigrationResult Result, bool AtSource, bool AtDestination, bool Dirties, bool Interrupted, IReadOnlyList<string> Faults)
{
    /// <summary>Pages that the passes after the first found written.</summary>
    public long DirtiedPages => Result.Passes.Skip(1).Sum(pass => pass.DirtyPages);

    /// <summary>Whether faults were to strike the link at some point, and none did.</summary>
    public bool FaultsMissed { get; init; }

    /// <summary>What it comes to, and why where that is not as expected.</summary>
    public (StressVerdict Verdict, IReadOnlyList<string> Why) Judge(StressExpectation expected)
    {
        var why = Faults.Concat(Wrong(expected)).ToList();
        // A fault of the guest is one whatever ended the run.
        if (Interrupted && Faults.Count == 0 && Result.Status != MigrationStatus.Completed) return (StressVerdict.Interrupted, []);
        if (why.Count > 0) return (StressVerdict.Failed, FaultsMissed ? [.. why, "no fault struck the link"] : why);
        if (FaultsMissed) return (StressVerdict.Void, ["no fault struck the link, though one was to: this run proves nothing about it"]);
        if (Dirties && Result.Status == MigrationStatus.Completed && DirtiedPages == 0)
            return (StressVerdict.Void, ["the guest was to write, and no pass after the first found a page written: this run proves nothing about a guest that writes"]);
        return (StressVerdict.Passed, []);
    }

    private IEnumerable<string> Wrong(StressExpectation expected)
    {
        var moved = Result.Status == MigrationStatus.Completed;
        if (Result.Verify is { Mismatched: > 0 } verify) yield return $"{verify.Mismatched} of {verify.Pages} pages differ";
        if (Result.Status == MigrationStatus.Uncertain) yield return "nobody can tell which side has the guest";
        if (moved && expected == StressExpectation.Failed) yield return "it completed, and was expected to fail";
        var error = Result.Error?.Message ?? $"it ended as {Result.Status.ToString().ToLowerInvariant()}";
        if (!moved && expected == StressExpectation.Completed && !Faults.Contains(error)) yield return error;
        if (moved && expected == StressExpectation.Completed && Result.LimitExceededUs is > 0 and var over)
            yield return $"the blackout was {over:0} us over its hard limit";
        if (AtSource && AtDestination) yield return "the guest runs on both sides";
        else if (moved && !AtDestination) yield return "the guest is not whole at the destination, or does not run there";
        else if (!moved && !AtSource) yield return "the guest is not whole at the source, or does not run there";
    }
}
