using System.Diagnostics;

namespace DataPlane.Cli.Demo;

/// <summary>How this program is started once more.</summary>
internal static class ProgramFile
{
    /// <param name="arguments">Its own.</param>
    /// <param name="prefix">Words that run a program elsewhere, as in another network namespace; none: here.</param>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, params IReadOnlyList<string> prefix)
    {
        var file = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        string[] words = [.. prefix, file];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Started as `dotnet DataPlane.Cli.dll`, the process is the runtime's host, which wants the assembly first.
        if (Path.GetFileNameWithoutExtension(file) == "dotnet")
            start.ArgumentList.Add(typeof(ProgramFile).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
