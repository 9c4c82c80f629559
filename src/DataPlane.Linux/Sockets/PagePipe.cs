using System.Runtime.InteropServices;

namespace DataPlane.Linux.Sockets;

/// <summary>
/// Gives pages to a socket without copying them: <c>vmsplice</c> puts references to them into a pipe, <c>splice</c> moves those into the
/// socket, and the one copy that is left is the receiver's. Works for any memory with pages behind it, one at a time as well as in runs,
/// and pins nothing for longer than the peer takes. Used by the thread that made it; owns the pipe.
/// </summary>
internal sealed unsafe class PagePipe : IDisposable
{
    // 64 pages a turn: from 64 KiB to 1 MiB (PIPE in bench/native/pair.c) the rate is the same within the noise. Any user may have
    // some of these; where no more are allowed, the kernel's usual 64 KiB serve, and less than that does not: a user with very many pipes gets 8 KiB.
    private const int Capacity = 256 << 10;
    private const int LeastCapacity = 64 << 10;

    private int _read;
    private int _write;

    private PagePipe(int read, int write) => (_read, _write) = (read, write);

    /// <summary>Makes one for the calling thread; null where the process may open no more files, or only small pipes.</summary>
    public static PagePipe? TryMake()
    {
        var ends = stackalloc int[2];
        if (SpliceNative.Pipe(ends, SpliceNative.CloseOnExec) < 0) return null;
        if (SocketNative.Fcntl(ends[1], SpliceNative.SetPipeSize, Capacity) < 0 && SocketNative.Fcntl(ends[1], SpliceNative.GetPipeSize, 0) < LeastCapacity)
        {
            _ = SpliceNative.Close(ends[0]);
            _ = SpliceNative.Close(ends[1]);
            return null;
        }
        // There is no MSG_NOSIGNAL for splice. .NET's own programs ignore the signal, a C host that uses this as a library may not.
        SpliceNative.BlockBrokenPipe();
        return new PagePipe(ends[0], ends[1]);
    }

    /// <summary>
    /// Sends the pieces to <paramref name="socket"/> and moves past them. False where the kernel can refer to no page of the next one (memory of a device):
    /// what is left is to be sent another way.
    /// </summary>
    public bool TrySend(int socket, ref IoVector* vectors, ref int count)
    {
        while (count > 0)
        {
            var filled = SpliceNative.MemoryToPipe(_write, vectors, (nuint)Math.Min(count, SocketNative.MaxVectors), 0);
            if (filled < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == SocketNative.Interrupted) continue;
                return false;
            }
            if (filled == 0) return false;
            DataSocket.Advance(ref vectors, ref count, (nuint)filled);
            Drain(socket, filled, more: count > 0);
        }
        return true;
    }

    public void Dispose()
    {
        if (_read < 0) return;
        _ = SpliceNative.Close(_read);
        _ = SpliceNative.Close(_write);
        (_read, _write) = (-1, -1);
    }

    private void Drain(int socket, nint bytes, bool more)
    {
        while (bytes > 0)
        {
            var sent = SpliceNative.PipeToSocket(_read, null, socket, null, (nuint)bytes, more ? SpliceNative.More : 0);
            if (sent > 0)
            {
                bytes -= sent;
                continue;
            }
            var errno = Marshal.GetLastPInvokeError();
            if (sent < 0 && errno == SocketNative.Interrupted) continue;
            throw new LinuxException("sendmsg", sent == 0 ? SocketNative.BrokenPipe : errno);
        }
    }
}
