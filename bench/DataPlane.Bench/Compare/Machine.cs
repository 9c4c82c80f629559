using System.Globalization;
using System.Runtime.InteropServices;

namespace DataPlane.Bench.Compare;

/// <summary>Where it was measured.</summary>
internal static class Machine
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores of {Cpu}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}, default congestion control {Congestion}, load at the start {Load}.");

    public static string Cpu => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "an unknown CPU";

    public static string Congestion => File.ReadAllText("/proc/sys/net/ipv4/tcp_congestion_control").Trim();

    /// <summary>Of the last minute, when first asked for: what else the machine had to do.</summary>
    public static string Load { get; } = File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
