using System.Runtime.InteropServices;

namespace DataPlane.Linux.Host;

/// <summary>On which CPUs a thread runs.</summary>
internal static unsafe partial class ThreadCores
{
    /// <summary>CPU numbers are below this: the size of the C library's <c>cpu_set_t</c>.</summary>
    public const int Most = 1024;

    /// <summary>The calling thread runs on <paramref name="core"/> from now on. Throws <see cref="LinuxException"/> where this process may not use that one.</summary>
    public static void Bind(int core)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(core);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(core, Most);
        var mask = stackalloc ulong[Most / 64];
        new Span<ulong>(mask, Most / 64).Clear();
        mask[core / 64] = 1UL << (core % 64);
        if (SetAffinity(0, Most / 8, mask) != 0)
            throw new LinuxException("sched_setaffinity", Marshal.GetLastPInvokeError(), $"A channel's thread cannot run on CPU {core}: name CPUs that this process may use.");
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint size, ulong* mask);
}
