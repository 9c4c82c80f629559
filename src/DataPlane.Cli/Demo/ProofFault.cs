namespace DataPlane.Cli.Demo;

/// <summary>Something a demo was to show and that does not hold.</summary>
/// <param name="Sentence">What.</param>
/// <param name="ExitCode">Of a program that found it in an otherwise completed migration.</param>
internal sealed record ProofFault(string Sentence, int ExitCode);
