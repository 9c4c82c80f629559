using System.Diagnostics;
using DataPlane.Guests.Kvm;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>The committed bytes are what guest.c compiles to.</summary>
public sealed class GuestImageTests
{
    [SkippableFact]
    public void Code_IsWhatTheSourceCompilesTo()
    {
        var folder = Path.Combine(Repository.Root, "src", "DataPlane.Guests", "Kvm");
        var version = Run("gcc", ["-dumpfullversion"], folder);
        Skip.If(version is null, "gcc is not here to rebuild the guest's code.");
        Skip.If(version.Trim() != GuestImage.Compiler, $"gcc {version.Trim()} is not {GuestImage.Compiler}, which made the committed bytes.");
        var output = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Assert.NotNull(Run("gcc", [.. Arguments(Path.Combine(folder, "guest.c")), "-o", output, "guest.c"], folder));
            Assert.Equal(File.ReadAllBytes(output), GuestImage.Code.ToArray());
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>The command stands in the source's own comment, so that it cannot be told wrongly there.</summary>
    private static IEnumerable<string> Arguments(string source)
    {
        var command = string.Join(' ', File.ReadLines(source)
            .SkipWhile(line => !line.Contains("gcc -O2", StringComparison.Ordinal))
            .TakeWhile(line => line.Trim() != "*/")
            .Select(line => line.TrimStart(' ', '*').TrimEnd('\\', ' ')));
        return command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).TakeWhile(argument => argument != "-o");
    }

    private static string? Run(string program, IEnumerable<string> arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // Not installed.
        }
    }
}
