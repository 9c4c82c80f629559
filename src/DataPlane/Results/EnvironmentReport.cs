namespace DataPlane.Results;

/// <summary>What the migration ran on and with.</summary>
/// <param name="Version">Of this library.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="Cpu">Model.</param>
/// <param name="Cores">Cores this process may use.</param>
/// <param name="Kernel">Release.</param>
/// <param name="Options">Options as in effect, name to value.</param>
public sealed record EnvironmentReport(
    string Version, string Runtime, string? Cpu, int Cores, string Kernel, IReadOnlyDictionary<string, string> Options);
