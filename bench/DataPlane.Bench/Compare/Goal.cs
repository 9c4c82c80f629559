namespace DataPlane.Bench.Compare;

/// <summary>What a case is to reach.</summary>
/// <param name="Text">What is divided by what, for the table.</param>
/// <param name="Target">The bound.</param>
/// <param name="Reached">What was reached; null where something that it needs was not measured.</param>
internal sealed record Goal(string Text, double Target, Func<CaseResult, double?> Reached)
{
    /// <summary>Whether less is better, as with CPU time.</summary>
    public bool IsAtMost { get; init; }

    public string Verdict(double? reached) => reached is not { } value || double.IsNaN(value) ? "not measured" : (IsAtMost ? value <= Target : value >= Target) ? "met" : "missed";
}
