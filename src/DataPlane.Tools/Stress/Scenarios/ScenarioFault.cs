namespace DataPlane.Tools.Stress.Scenarios;

/// <summary>A mistake in a scenario file. The message says file, line, key, and what is accepted.</summary>
internal sealed class ScenarioFault(string place, string? key, string what)
    : Exception($"{place}: {(key is null ? "" : $"\"{key}\": ")}{what}");
