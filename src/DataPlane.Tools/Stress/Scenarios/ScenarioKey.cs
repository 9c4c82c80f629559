namespace DataPlane.Tools.Stress.Scenarios;

/// <summary>An option that a scenario may set or vary. The program makes one of each option of its own, so that there is one list of them.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Form">What is accepted, as the end of a sentence.</param>
/// <param name="Accepts">Whether a value, as text, is of that form.</param>
internal sealed record ScenarioKey(string Name, string Form, Func<string, bool> Accepts);
