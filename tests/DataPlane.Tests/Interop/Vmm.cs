using System.ComponentModel;
using System.Diagnostics;
using DataPlane.Tests.Cli;
using DataPlane.Tests.House;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Interop;

/// <summary>
/// The C VMM as a process. Built, library and all, before its first test: in the larger set always, else where the library has been
/// built before, as the compiler ahead of time takes its half minute.
/// </summary>
internal static class Vmm
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "native");

    private static readonly Lazy<string?> Missing = new(Build);

    /// <summary>Skips the test where there is no VMM to be had, or no KVM for it.</summary>
    public static void OrSkip()
    {
        NeedsKvm.OrSkip();
        Skip.If(Missing.Value is not null, Missing.Value);
    }

    /// <summary>Starts the VMM with <paramref name="line"/>.</summary>
    public static ProgramProcess Start(string line)
    {
        OrSkip();
        return ProgramProcess.StartFile(Path.Combine(Folder, "vmm"), line);
    }

    /// <summary>Why there is no VMM, or null. What is there and does not compile is a failure.</summary>
    private static string? Build()
    {
        if (!TestSet.All && !File.Exists(Path.Combine(Folder, "stamp")))
            return "libdataplane.so.0 is not built: run interop/build, or all tests with DATAPLANE_TESTS=all.";
        if (!Runs("gcc", "--version")) return "gcc is not here to build the VMM.";
        Do(Path.Combine(Repository.Root, "interop", "build"));
        Do("make", "-s", "-C", Path.Combine(Repository.Root, "interop", "vmm"));
        return null;
    }

    private static bool Runs(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static void Do(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{errors.Result}");
    }
}
