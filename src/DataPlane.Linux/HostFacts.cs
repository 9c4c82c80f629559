using System.Globalization;

namespace DataPlane.Linux;

/// <summary>What the kernel tells of this host.</summary>
internal static class HostFacts
{
    /// <summary>The CPU's model name; null where /proc/cpuinfo has none.</summary>
    public static string? CpuModel { get; } = ReadCpuModel();

    /// <summary>The kernel's release.</summary>
    public static string KernelRelease { get; } = ReadFirstLine("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.VersionString;

    /// <summary>The kernel's name for the time since it booted: another after every boot. Empty where it tells none.</summary>
    public static Guid BootId { get; } = Guid.TryParse(ReadFirstLine("/proc/sys/kernel/random/boot_id"), out var id) ? id : Guid.Empty;

    /// <summary>Bytes that can be had without swapping, by the kernel's estimate; null where it gives none.</summary>
    public static long? AvailableMemory()
    {
        const string Name = "MemAvailable:", Unit = " kB";
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(text => text.StartsWith(Name, StringComparison.Ordinal));
            return line is not null && line.EndsWith(Unit, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan()[Name.Length..^Unit.Length], CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes << 10 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? ReadCpuModel()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
            return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? ReadFirstLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
