namespace DataPlane.Tools.Stress.Scenarios;

/// <summary>Migrations that differ in one option.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Vary">The option's name.</param>
/// <param name="Values">Its values, in turn.</param>
/// <param name="Options">What else these migrations have in common; goes before the scenario's own.</param>
/// <param name="Place">File and line.</param>
internal sealed record ScenarioComparison(
    string Name, string Vary, IReadOnlyList<string> Values, IReadOnlyDictionary<string, string> Options, string Place);
