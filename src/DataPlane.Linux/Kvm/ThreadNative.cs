using System.Runtime.InteropServices;

namespace DataPlane.Linux.Kvm;

/// <summary>Signals and precise sleeps of single threads.</summary>
internal static unsafe partial class ThreadNative
{
    public const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    public const int NonBlocking = 0x800; // EFD_NONBLOCK
    public const int CloseOnExec = 0x80000; // EFD_CLOEXEC
    public const short PollIn = 1;

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "tgkill", SetLastError = true)]
    public static partial int Signal(int processId, int threadId, int signal);

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    public static partial int SetSignalAction(int signal, SignalAction* action, SignalAction* old);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int option, nuint argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, void* buffer, nuint count);

    /// <summary><c>struct pollfd</c>.</summary>
    public struct PollEntry
    {
        public int Fd;
        public short Events, Returned;
    }

    /// <summary><c>struct timespec</c> of a 64-bit system.</summary>
    public struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }

    /// <summary><c>struct sigaction</c> of the C library on 64-bit Linux: handler, a mask of 1,024 signals, flags.</summary>
    public struct SignalAction
    {
        public nint Handler;
        public fixed ulong Mask[16];
        public int Flags;
        public nint Restorer;
    }
}
