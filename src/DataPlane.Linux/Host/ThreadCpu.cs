using System.Runtime.InteropServices;

namespace DataPlane.Linux.Host;

/// <summary>What the calling thread has used of a CPU. Waiting, for a CPU too, is no part of it.</summary>
internal static unsafe partial class ThreadCpu
{
    // CLOCK_THREAD_CPUTIME_ID
    private const int Clock = 3;

    /// <summary>Since the thread began; some 0.2 us to ask.</summary>
    public static TimeSpan Used
    {
        get
        {
            var time = stackalloc long[2]; // struct timespec of 64-bit Linux: seconds, nanoseconds.
            // Cannot fail: the clock is there on every kernel, and the time is this frame's.
            _ = GetTime(Clock, time);
            return TimeSpan.FromMicroseconds((time[0] * 1e6) + (time[1] / 1e3));
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
