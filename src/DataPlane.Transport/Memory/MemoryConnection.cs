using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Memory;

/// <summary>
/// A connection within one process, with nothing of the kernel in it: what a test of the channels takes when the network is not its
/// subject. Ends as a socket does: closed with bytes unread it is a reset for the peer, otherwise an end.
/// </summary>
internal sealed unsafe class MemoryConnection : IDataConnection
{
    private readonly MemoryRing _outgoing;
    private readonly MemoryRing _incoming;
    private int _closed;

    private MemoryConnection(MemoryRing outgoing, MemoryRing incoming) => (_outgoing, _incoming) = (outgoing, incoming);

    /// <summary>Two ends; <paramref name="capacity"/> bytes fit into each direction.</summary>
    public static (MemoryConnection One, MemoryConnection Other) Pair(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        MemoryRing there = new(capacity), back = new(capacity);
        return (new MemoryConnection(there, back), new MemoryConnection(back, there));
    }

    /// <inheritdoc/>
    public void SendPages(IoVector* vectors, int count) => Send(vectors, count);

    /// <inheritdoc/>
    public void Send(IoVector* vectors, int count, bool more = false)
    {
        for (var i = 0; i < count; i++)
        {
            _outgoing.Write(vectors[i].Base, vectors[i].Length);
            vectors[i] = default; // Used up, as by a socket.
        }
    }

    /// <inheritdoc/>
    public nuint Receive(IoVector* vectors, int count)
    {
        nuint received = 0;
        for (var i = 0; i < count; i++)
        {
            for (nuint filled = 0; filled < vectors[i].Length;)
            {
                var read = _incoming.Read(vectors[i].Base + filled, vectors[i].Length - filled, wait: received == 0);
                if (read == 0) return received;
                filled += (nuint)read;
                received += (nuint)read;
            }
        }
        return received;
    }

    /// <inheritdoc/>
    public void Abort()
    {
        if (Volatile.Read(ref _closed) != 0) return;
        _outgoing.End();
        _ = _incoming.Refuse();
    }

    /// <inheritdoc/>
    public TcpStatus? ReadStatus() => null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) _outgoing.End(reset: _incoming.Refuse());
    }
}
