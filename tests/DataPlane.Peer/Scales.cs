using System.Globalization;
using System.Runtime.InteropServices;

namespace DataPlane.Peer;

/// <summary>Weighs this process as it stands between two migrations.</summary>
internal static class Scales
{
    public static PeerHoldings Weigh()
    {
        // Twice, with the finalizers in between: what waits for one is no leak. Aggressive gives empty pages back, so that resident memory
        // does not tell when the collector happened to run last.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var status = File.ReadAllLines("/proc/self/status");
        var tasks = Directory.GetDirectories("/proc/self/task");
        return new PeerHoldings(
            Kibibytes(status, "RssAnon:") << 10,
            Kibibytes(status, "RssShmem:") << 10,
            GC.GetTotalMemory(forceFullCollection: false),
            tasks.Length,
            tasks.Count(IsChannel),
            new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Select(entry => entry.LinkTarget).OfType<string>().Count(IsOurs));
    }

    private static long Kibibytes(string[] status, string name) =>
        long.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..^2].Trim(), CultureInfo.InvariantCulture);

    // The runtime opens assemblies when it first needs them, and keeps them.
    private static bool IsOurs(string target) =>
        !target.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)
        && !target.StartsWith(RuntimeEnvironment.GetRuntimeDirectory(), StringComparison.Ordinal);

    private static bool IsChannel(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/comm").StartsWith("dp-", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // The thread has ended since it was listed.
        }
    }
}
