using System.Diagnostics;
using System.Globalization;

namespace DataPlane.Bench.Tools;

/// <summary>CPU time that a process has used, all threads, user and system; to a hundredth of a second, as the kernel tells it.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, which the kernel promises.

    public static double Seconds(Process process)
    {
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // The name may hold anything, brackets too.
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
