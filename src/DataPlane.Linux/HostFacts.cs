namespace DataPlane.Linux;

/// <summary>What the kernel tells of this host.</summary>
internal static class HostFacts
{
    /// <summary>The CPU's model name; null where /proc/cpuinfo has none.</summary>
    public static string? CpuModel { get; } = ReadCpuModel();

    /// <summary>The kernel's release.</summary>
    public static string KernelRelease { get; } = ReadFirstLine("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.VersionString;

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
