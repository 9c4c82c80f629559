using System.Diagnostics;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>Skips a test, with the reason, where a process cannot be given a monotonic clock of its own.</summary>
internal static class NeedsTimeNamespace
{
    public static void OrSkip()
    {
        try
        {
            var start = new ProcessStartInfo("unshare", ["--time", "--monotonic", "3600", "--fork", "true"]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var words = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            Skip.If(process.ExitCode != 0, $"Time namespaces (Linux 5.6, root) do not work here: {words}");
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            Skip.If(true, $"unshare (util-linux) cannot be started: {missing.Message}");
        }
    }
}
