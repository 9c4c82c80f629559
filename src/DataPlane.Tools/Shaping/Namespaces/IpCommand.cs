using System.ComponentModel;
using System.Diagnostics;

namespace DataPlane.Tools.Shaping;

/// <summary>The programs <c>ip</c> and <c>tc</c>, which know the kernel's ways better than a program of our own would.</summary>
internal static class IpCommand
{
    /// <summary>Runs it; throws <see cref="ShapingException"/> with its complaint where it fails.</summary>
    public static void Need(params string[] words)
    {
        if (Fault(words) is { } fault) throw new ShapingException($"'{string.Join(' ', words)}' does not work here: {fault}");
    }

    /// <summary>Runs it, and gives its complaint where it fails; null where it works.</summary>
    public static string? Fault(params string[] words)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            // Few words either way: neither pipe fills while the other is read.
            var complaint = process.StandardError.ReadToEnd().ReplaceLineEndings(" ").Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : complaint.Length > 0 ? complaint : $"exit code {process.ExitCode}";
        }
        catch (Win32Exception missing)
        {
            return $"{missing.Message} (of the package iproute2)";
        }
    }
}
