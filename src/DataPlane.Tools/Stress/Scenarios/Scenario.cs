namespace DataPlane.Tools.Stress.Scenarios;

/// <summary>What a scenario file says.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="About">What it is to show, as a sentence; null where it does not say.</param>
/// <param name="Options">What all of its migrations have in common: names of <see cref="ScenarioKey"/>, and values as text.</param>
/// <param name="Comparisons">Each varies one option; with none there is one kind of migration.</param>
/// <param name="Place">File and line, for what is found wrong later.</param>
internal sealed record Scenario(
    string Name, string? About, IReadOnlyDictionary<string, string> Options, IReadOnlyList<ScenarioComparison> Comparisons, string Place);
