using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DataPlane.Linux.Sockets;

/// <summary>
/// A connected stream socket used by blocking calls from one sending and one receiving thread, straight from and into guest memory.
/// Owns the socket. <see cref="Abort"/> may be called from any thread and ends calls that are blocked.
/// </summary>
internal sealed unsafe class DataSocket : IDataConnection
{
    private const int ShutdownBoth = 2;
    private readonly Socket _socket;
    private readonly int _fd;
    private readonly Lock _closing = new();
    private PagePipe? _pages; // The sending thread's alone, but for the end.
    private bool _copies;
    private bool _closed;

    /// <summary>Takes over <paramref name="socket"/>, which must be connected and have no call under way.</summary>
    public DataSocket(Socket socket)
    {
        _socket = socket;
        _fd = (int)socket.Handle;
        // .NET leaves a socket non-blocking after its first asynchronous call.
        var flags = SocketNative.Fcntl(_fd, SocketNative.GetFlags, 0);
        if (flags < 0 || SocketNative.Fcntl(_fd, SocketNative.SetFlags, flags & ~SocketNative.NonBlocking) < 0)
            throw LinuxException.Last("making a data socket blocking");
        EventPolls.Leave(_fd);
    }

    /// <summary>As the interface says; one call where the kernel takes all at once.</summary>
    public void Send(IoVector* vectors, int count, bool more = false)
    {
        var flags = SocketNative.MsgNoSignal | (more ? SocketNative.MsgMore : 0);
        while (count > 0)
        {
            var message = new MessageHeader { Vectors = vectors, VectorCount = (nuint)Math.Min(count, SocketNative.MaxVectors) };
            var sent = SocketNative.SendMessage(_fd, &message, flags);
            if (sent < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno == SocketNative.Interrupted) continue;
                throw new LinuxException("sendmsg", errno);
            }
            Advance(ref vectors, ref count, (nuint)sent);
        }
    }

    /// <inheritdoc/>
    public void SendPages(IoVector* vectors, int count)
    {
        if (!_copies)
        {
            _pages ??= PagePipe.TryMake();
            if (_pages is not null && _pages.TrySend(_fd, ref vectors, ref count)) return;
            _copies = true;
        }
        Send(vectors, count);
    }

    /// <inheritdoc/>
    public nuint Receive(IoVector* vectors, int count)
    {
        while (true)
        {
            var message = new MessageHeader { Vectors = vectors, VectorCount = (nuint)Math.Min(count, SocketNative.MaxVectors) };
            var received = SocketNative.ReceiveMessage(_fd, &message, 0);
            if (received >= 0) return (nuint)received;
            var errno = Marshal.GetLastPInvokeError();
            if (errno != SocketNative.Interrupted) throw new LinuxException("recvmsg", errno);
        }
    }

    /// <summary>Moves past <paramref name="bytes"/> of the pieces.</summary>
    public static void Advance(ref IoVector* vectors, ref int count, nuint bytes)
    {
        while (count > 0 && bytes >= vectors->Length)
        {
            bytes -= vectors->Length;
            vectors++;
            count--;
        }
        if (count == 0) return;
        vectors->Base += bytes;
        vectors->Length -= bytes;
    }

    /// <summary>
    /// Ends both directions at once; blocked calls return. The descriptor stays until <see cref="Dispose"/>, after which this does nothing:
    /// the number may be another socket's by then.
    /// </summary>
    public void Abort()
    {
        lock (_closing)
        {
            if (!_closed) _ = SocketNative.Shutdown(_fd, ShutdownBoth);
        }
    }

    /// <inheritdoc/>
    public TcpStatus? ReadStatus()
    {
        lock (_closing) return _closed ? null : TcpTuning.ReadStatus(_socket);
    }

    public void Dispose()
    {
        lock (_closing)
        {
            _closed = true;
            _pages?.Dispose();
            _socket.Dispose();
        }
    }
}
