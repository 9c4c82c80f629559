using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>
/// An address at which connecting is not answered: a listener that never accepts and whose queue is full, so that the kernel drops what asks
/// for another connection, as a network does that swallows everything.
/// </summary>
internal sealed class FullListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queue = [];

    public FullListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        // The kernel takes one more than the queue's length, and may take another before it has counted that.
        for (var i = 0; i < 3; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _queue.Add(socket);
            try
            {
                socket.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException pending) when (pending.SocketErrorCode is SocketError.InProgress or SocketError.WouldBlock)
            {
                // Connected or not, it takes its place.
            }
        }
    }

    public MigrationAddress Address => MigrationAddress.Of(_listener.LocalEndPoint!);

    /// <summary>An address at which nobody listens.</summary>
    public static MigrationAddress Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return MigrationAddress.Of(listener.LocalEndpoint);
    }

    public void Dispose()
    {
        foreach (var socket in _queue) socket.Dispose();
        _listener.Dispose();
    }
}
