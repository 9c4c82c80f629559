namespace DataPlane.Linux.Sockets;

/// <summary>
/// A connected stream of bytes in both directions, used by blocking calls from one sending and one receiving thread, straight from and
/// into foreign memory. Failures are a <see cref="LinuxException"/> of the call <c>sendmsg</c> or <c>recvmsg</c>, whatever is underneath.
/// </summary>
internal unsafe interface IDataConnection : IDisposable
{
    /// <summary>
    /// Sends all of the <paramref name="count"/> pieces, which it uses up. Blocks while the other end takes nothing. With <paramref name="more"/> the
    /// kernel may wait for what follows at once.
    /// </summary>
    void Send(IoVector* vectors, int count, bool more = false);

    /// <summary>
    /// As <see cref="Send"/>, for guest memory: where the kernel can do without a copy of its own, the pieces are read as late as when the other end takes them, so
    /// what is written to them until then may be sent or not.
    /// </summary>
    void SendPages(IoVector* vectors, int count);

    /// <summary>
    /// Receives what is there, at least a byte, into the <paramref name="count"/> pieces. Returns the bytes received, 0 when the peer has
    /// closed. The caller moves on with <see cref="DataSocket.Advance"/>.
    /// </summary>
    nuint Receive(IoVector* vectors, int count);

    /// <summary>Ends both directions at once; blocked calls return. From any thread, at any time; nothing after <see cref="IDisposable.Dispose"/>.</summary>
    void Abort();

    /// <summary>What the kernel tells of the connection; null where it is no TCP connection.</summary>
    TcpStatus? ReadStatus();
}
