using System.Globalization;
using DataPlane.Linux.Host;

namespace DataPlane.Cli.Doctor;

/// <summary>How much CPU time the process's control group gets, of either version of control groups.</summary>
internal static class CpuQuota
{
    /// <summary>In cores, and the file that says so, without a slash at its start. Both are null where there is no quota.</summary>
    public static (double? Cores, string? File) Read(HostFiles files)
    {
        foreach (var line in (files.Read("proc/self/cgroup").Text ?? "").Split('\n'))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            // Each group on the way up to the root may have a quota of its own; the smallest holds.
            if (controllers.Length == 0)
                return Least(path, folder => Of(files, $"sys/fs/cgroup{folder}/cpu.max", text => text.Split(' ')));
            if (controllers.Split(',').Contains("cpu"))
                return Least(path, folder => Of(
                    files, $"sys/fs/cgroup/cpu{folder}/cpu.cfs_quota_us",
                    text => [text, files.Read($"sys/fs/cgroup/cpu{folder}/cpu.cfs_period_us").Text ?? ""]));
        }
        return (null, null);
    }

    private static (double? Cores, string? File) Least(string path, Func<string, (double? Cores, string? File)> read)
    {
        (double? Cores, string? File) least = (null, null);
        for (var folder = path.TrimEnd('/'); ; folder = folder[..folder.LastIndexOf('/')])
        {
            var here = read(folder);
            if (here.Cores is not null && !(least.Cores <= here.Cores)) least = here;
            if (folder.Length == 0 || !folder.StartsWith('/')) return least;
        }
    }

    private static (double? Cores, string? File) Of(HostFiles files, string file, Func<string, string[]> quotaAndPeriod) =>
        files.Read(file).Text is { } text && quotaAndPeriod(text) is [var quota, var period]
        && double.TryParse(quota, CultureInfo.InvariantCulture, out var part) && part > 0 // "max" and -1 are none.
        && double.TryParse(period, CultureInfo.InvariantCulture, out var whole) && whole > 0 ? (part / whole, file) : (null, null);
}
