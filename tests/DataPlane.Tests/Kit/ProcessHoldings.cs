using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>What this process holds that a migration must give back: its threads, descriptors and mapped memory files.</summary>
/// <param name="ChannelThreads">Threads that bear a channel's name.</param>
/// <param name="Descriptors">What the open descriptors stand for.</param>
/// <param name="MemoryFiles">Mappings of memory files.</param>
internal sealed record ProcessHoldings(int ChannelThreads, IReadOnlyList<string> Descriptors, int MemoryFiles)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    /// <summary>What is held now, after handles that only wait for the collector have been closed.</summary>
    public static ProcessHoldings Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ProcessHoldings(
            Directory.EnumerateDirectories("/proc/self/task").Count(IsChannel),
            [.. new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos().Select(entry => entry.LinkTarget).OfType<string>().Where(IsOurs)],
            File.ReadLines("/proc/self/maps").Count(IsGuestMemory));
    }

    /// <summary>Waits until no more is held than in <paramref name="before"/>: a thread's entry outlives its join by a moment.</summary>
    public static async Task AssertBackAtAsync(ProcessHoldings before)
    {
        var now = Now();
        for (var watch = Stopwatch.StartNew(); now.IsMoreThan(before) && watch.Elapsed < Bound; now = Now())
            await Task.Delay(20);
        Assert.False(
            now.IsMoreThan(before),
            $"Channel threads before: {before.ChannelThreads}, afterwards: {now.ChannelThreads}. New descriptors: "
            + string.Join(", ", now.Descriptors.Except(before.Descriptors)) + $". Mapped memory files before: {before.MemoryFiles}, afterwards: {now.MemoryFiles}.");
    }

    private bool IsMoreThan(ProcessHoldings other) =>
        ChannelThreads > other.ChannelThreads || Descriptors.Count > other.Descriptors.Count || MemoryFiles > other.MemoryFiles;

    // The runtime keeps its compiled code in a memory file of its own.
    private static bool IsGuestMemory(string mapping) =>
        mapping.Contains("/memfd:", StringComparison.Ordinal) && !mapping.Contains("/memfd:doublemapper", StringComparison.Ordinal);

    // The runtime opens assemblies and their symbols when it first needs them, and keeps them.
    private static bool IsOurs(string target) =>
        !target.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)
        && !target.StartsWith(RuntimeEnvironment.GetRuntimeDirectory(), StringComparison.Ordinal);

    private static bool IsChannel(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/comm").StartsWith("dp-", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // The thread has ended since it was listed.
        }
    }
}
