using System.Diagnostics;

namespace DataPlane.Cli.Demo;

/// <summary>How this program is started once more.</summary>
internal static class ProgramFile
{
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        var file = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(file)
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
