using DataPlane.Tests.House;

namespace DataPlane.Tests.Cli;

/// <summary>
/// The program as it is built for its users, compiled ahead. The copy of it beside the tests has libraries that are not: each process that tests start would
/// compile for a second what this one has.
/// </summary>
internal static class BuiltProgram
{
    /// <summary>Its assembly, for <c>dotnet</c>.</summary>
    public static string File { get; } = Path.Combine(Repository.Root, "artifacts", "bin", "DataPlane.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "DataPlane.Cli.dll");
}
