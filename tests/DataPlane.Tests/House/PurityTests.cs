using Xunit;

namespace DataPlane.Tests.House;

/// <summary>
/// Core and Control run unchanged in a simulation with virtual time, so they may hold no socket, thread, clock, file or log. Interlocked
/// operations are no thread; a TimeProvider that is handed in is no clock.
/// </summary>
public sealed class PurityTests
{
    // Whole namespaces end with a dot; everything else is a type.
    private static readonly string[] ForbiddenTypes =
    [
        "System.Net.", "System.IO.Pipes.", "System.IO.Pipelines.", "System.IO.MemoryMappedFiles.", "Microsoft.Win32.", "Microsoft.Extensions.Logging.",
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.RandomAccess", "System.IO.Directory", "System.IO.DirectoryInfo",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.Console", "System.Diagnostics.Process", "System.Diagnostics.Trace",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.Timers.Timer", "System.Threading.PeriodicTimer",
        "System.Threading.Tasks.Parallel", "System.Threading.Tasks.TaskFactory", "System.Threading.SemaphoreSlim",
        "System.Threading.ManualResetEventSlim", "System.Threading.EventWaitHandle", "System.Threading.SpinWait",
        "System.DateTime", "System.Diagnostics.Stopwatch", "System.Random",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.TimeProvider.get_System", "System.Environment.get_TickCount",
        "System.Environment.get_TickCount64", "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Task.Delay", "System.Threading.Tasks.Task.Wait",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7",
    ];

    [Theory]
    [InlineData("DataPlane.Core")]
    [InlineData("DataPlane.Control")]
    public void Decisions_and_data_touch_no_socket_thread_clock_file_or_log(string assembly)
    {
        using var metadata = new AssemblyMetadata(assembly);
        var faults = metadata.Types.Where(IsForbidden).Concat(metadata.Members.Intersect(ForbiddenMembers)).ToArray();
        Assert.True(faults.Length == 0, $"{assembly} uses {string.Join(", ", faults)}.");
    }

    [Fact]
    public void The_check_sees_what_is_used()
    {
        using var metadata = new AssemblyMetadata("DataPlane.Tests");
        Assert.Contains("System.Threading.Thread", metadata.Types.Where(IsForbidden));
        Assert.Contains("System.IO.File.ReadAllText", metadata.Members);
    }

    private static bool IsForbidden(string type) =>
        ForbiddenTypes.Any(name => name.EndsWith('.') ? type.StartsWith(name, StringComparison.Ordinal) : type == name);
}
