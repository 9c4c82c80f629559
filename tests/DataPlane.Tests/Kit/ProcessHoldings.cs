using System.Diagnostics;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>What this process holds that a migration must give back: its threads and descriptors.</summary>
internal sealed record ProcessHoldings(int ChannelThreads, int Descriptors)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Channel threads, by the name that each bears, and open descriptors. Handles that only wait for the collector are closed first.
    /// </summary>
    public static ProcessHoldings Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ProcessHoldings(
            Directory.EnumerateFiles("/proc/self/task", "comm", SearchOption.AllDirectories).Count(IsChannel),
            Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
    }

    /// <summary>Waits until no more is held than in <paramref name="before"/>: a thread's entry outlives its join by a moment.</summary>
    public static async Task AssertBackAtAsync(ProcessHoldings before)
    {
        var now = Now();
        for (var watch = Stopwatch.StartNew(); now.IsMoreThan(before) && watch.Elapsed < Bound; now = Now())
            await Task.Delay(20);
        Assert.False(now.IsMoreThan(before), $"Held before: {before}; afterwards: {now}.");
    }

    private bool IsMoreThan(ProcessHoldings other) => ChannelThreads > other.ChannelThreads || Descriptors > other.Descriptors;

    private static bool IsChannel(string commFile)
    {
        try
        {
            return File.ReadAllText(commFile).StartsWith("dp-", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // The thread has ended since it was listed.
        }
    }
}
