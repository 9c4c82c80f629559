using System.Diagnostics;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>The C compilers of this host, and programs.</summary>
internal static class Toolchain
{
    /// <summary>Every warning there is, as an error: what a header has to stand.</summary>
    public static readonly string[] Strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

    // For what hangs: `interop/pack` takes 2 minutes, and has taken 4 beside other builds.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);

    public static string Include { get; } = Path.Combine(Repository.Root, "interop", "include");

    public static string NativeTests { get; } = Path.Combine(Repository.Root, "tests", "native");

    public static string Shim { get; } = Path.Combine(Repository.Root, "interop", "DataPlane.Native", "shim");

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    public static void OrSkip(string program) => Skip.IfNot(Has(program), $"{program} is not on this host.");

    /// <summary>Runs a program to its end. Fails the test where it takes minutes.</summary>
    public static (int Status, string Output, string Errors) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A library built for a host process must not be told by this one's settings how to run.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToArray())
            if (name != "DOTNET_ROOT") _ = start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Limit}.");
        }
        return (process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Runs a program that has to succeed. Returns what it printed.</summary>
    public static string Must(string program, params string[] arguments)
    {
        var (status, output, errors) = Run(program, arguments);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)} ended with {status}: {output}{errors}");
        return output;
    }
}
