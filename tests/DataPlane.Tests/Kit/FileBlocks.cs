using System.Diagnostics;
using System.Globalization;
using DataPlane.Core.Memory;

namespace DataPlane.Tests.Kit;

/// <summary>How much of a memory file is really there.</summary>
internal static class FileBlocks
{
    /// <summary>Bytes allocated to the file behind <paramref name="memory"/>, by the kernel's own count.</summary>
    public static long BytesOf(GuestMemory memory)
    {
        var start = new ProcessStartInfo("stat", ["-L", "-c", "%b %B", $"/proc/{Environment.ProcessId}/fd/{memory.Blocks[0].Info.Fd}"])
        {
            RedirectStandardOutput = true,
        };
        using var stat = Process.Start(start)!;
        var words = stat.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        stat.WaitForExit();
        return long.Parse(words[0], CultureInfo.InvariantCulture) * long.Parse(words[1], CultureInfo.InvariantCulture);
    }
}
