using System.Net.Sockets;

namespace DataPlane.Linux.Sockets;

/// <summary>Makes TCP find out that the peer's host is gone, when packets vanish and no reset tells of it.</summary>
/// <remarks>
/// <para>
/// Keepalive asks on a connection that carries nothing: after 1 s, once a second, and the kernel itself gives up after 3 s. While something
/// is on its way it asks nothing, so <see cref="TcpStatus.PeerIsGone"/> is read beside it, four times a second.
/// </para>
/// <para>
/// TCP_USER_TIMEOUT would do for both, but counts a closed window as silence: measured on Linux 6.18, a sender with 2 s of it to a
/// receiver that reads nothing lost its connection after 2.5 s, although every window probe had been acknowledged. A destination that is
/// slow or stopped for a few seconds must not count as gone, so the sockets that can meet a closed window, those of the source, go without
/// it. The destination sends a few hundred bytes at a time, which any window takes.
/// </para>
/// </remarks>
internal static class Liveness
{
    private const int IdleSeconds = 1, IntervalSeconds = 1, Probes = 2;
    private const int TcpUserTimeout = 18;
    private const int UserTimeoutMilliseconds = 2500;

    /// <summary>Does nothing to sockets that are not TCP: there the kernel knows at once when the peer is gone.</summary>
    /// <param name="socket">Connected or not.</param>
    /// <param name="sendsLittle">Whether it only ever sends what any window takes.</param>
    public static void Watch(Socket socket, bool sendsLittle)
    {
        if (socket.ProtocolType != ProtocolType.Tcp) return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (sendsLittle) socket.SetRawSocketOption(SocketNative.TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UserTimeoutMilliseconds));
    }
}
