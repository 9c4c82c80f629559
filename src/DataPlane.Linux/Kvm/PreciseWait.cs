using DataPlane.Linux.Memory;

namespace DataPlane.Linux.Kvm;

/// <summary>
/// A sleep to the microsecond that another thread can cut short. Managed waits end on whole milliseconds, too coarse to pace
/// a guest. One thread waits; any thread wakes.
/// </summary>
internal sealed unsafe class PreciseWait : IDisposable
{
    private int _fd;

    public PreciseWait()
    {
        _fd = ThreadNative.EventFd(0, ThreadNative.NonBlocking | ThreadNative.CloseOnExec);
        if (_fd < 0) throw LinuxException.Last("eventfd");
    }

    /// <summary>Lets the calling thread's sleeps end on time: the system's default adds 50 us.</summary>
    public static void SharpenThread() => _ = ThreadNative.Control(ThreadNative.SetTimerSlack, 1);

    /// <summary>Sleeps for <paramref name="nanoseconds"/> (for ever when negative), or until woken, even if that was before the call.</summary>
    public void Wait(long nanoseconds)
    {
        var entry = new ThreadNative.PollEntry { Fd = _fd, Events = ThreadNative.PollIn };
        var timeout = new ThreadNative.TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        _ = ThreadNative.Poll(&entry, 1, nanoseconds < 0 ? null : &timeout, null);
    }

    /// <summary>Ends the current wait and those to come, until <see cref="Reset"/>.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = ThreadNative.Write(_fd, &one, sizeof(ulong));
    }

    public void Reset()
    {
        ulong count;
        _ = ThreadNative.Read(_fd, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        if (_fd >= 0) _ = MemoryNative.Close(_fd);
        _fd = -1;
    }
}
