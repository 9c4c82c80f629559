namespace DataPlane.Tools.Stress;

/// <summary>One kind of migration: a value of a comparison, or all that a scenario without comparisons has.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Comparison">The comparison's name; null without one.</param>
/// <param name="Knob">The option that it varies; null without one.</param>
/// <param name="Value">The value of that.</param>
/// <param name="Options">All options that were set: names without dashes, values as text.</param>
/// <param name="Place">Where it is written, for what is found wrong later.</param>
internal sealed record StressCase(
    string Scenario, string? Comparison, string? Knob, string? Value, IReadOnlyDictionary<string, string> Options, string Place)
{
    /// <summary>What people call it.</summary>
    public string Title => Knob is null ? Scenario : Comparison == Knob ? $"{Knob} {Value}" : $"{Comparison}: {Knob} {Value}";
}
