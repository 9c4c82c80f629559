using System.Runtime.InteropServices;

namespace DataPlane.Linux.Sockets;

/// <summary>The calls that move references to pages instead of bytes. x86-64 and arm64 Linux share these numbers.</summary>
internal static unsafe partial class SpliceNative
{
    public const int CloseOnExec = 0x80000;
    public const int SetPipeSize = 1031;
    public const int GetPipeSize = 1032;
    public const uint More = 4;
    private const int Block = 0;
    private const int BrokenPipeSignal = 13;
    private const int SignalSetWords = 16; // glibc's sigset_t has 1,024 bits.

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "vmsplice", SetLastError = true)]
    public static partial nint MemoryToPipe(int pipe, IoVector* vectors, nuint count, uint flags);

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    public static partial nint PipeToSocket(int pipe, long* pipeOffset, int socket, long* socketOffset, nuint length, uint flags);

    /// <summary>From here on the calling thread is not sent the signal of a broken pipe; its calls give the error alone.</summary>
    public static void BlockBrokenPipe()
    {
        var signals = stackalloc ulong[SignalSetWords];
        signals[0] = 1UL << (BrokenPipeSignal - 1);
        for (var i = 1; i < SignalSetWords; i++) signals[i] = 0;
        _ = MaskSignals(Block, signals, null);
    }

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int MaskSignals(int how, ulong* signals, ulong* before);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);
}
