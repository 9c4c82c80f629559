using System.Net.Sockets;

namespace DataPlane.Fuzz.Replay;

/// <summary>A connection whose peer is a buffer: what the peer says is written before anybody reads.</summary>
internal static class Fed
{
    /// <summary>Most bytes a connection takes without a reader; what is longer is cut, which is one more thing a peer may do.</summary>
    public const int MaxBytes = 150 << 10;

    private static readonly Lazy<Socket> _listener = new(Listen);

    /// <summary>Both ends of a new connection: the peer's, and the one under test.</summary>
    public static (Socket Peer, Socket Own) Connect()
    {
        lock (_listener)
        {
            var peer = New();
            peer.SendBufferSize = 2 * MaxBytes;
            peer.Connect(_listener.Value.LocalEndPoint!);
            return (peer, _listener.Value.Accept());
        }
    }

    /// <summary>Sends as much of <paramref name="bytes"/> as fits without a reader.</summary>
    public static void Send(Socket peer, ReadOnlySpan<byte> bytes)
    {
        peer.Blocking = false;
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes)];
        try
        {
            while (bytes.Length > 0) bytes = bytes[peer.Send(bytes)..];
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.WouldBlock or SocketError.Shutdown or SocketError.ConnectionReset)
        {
            // No more room, or the other end has heard enough.
        }
    }

    /// <summary>The peer says no more; it can still be spoken to.</summary>
    public static void End(Socket peer)
    {
        try
        {
            peer.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other end is gone already.
        }
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static Socket Listen()
    {
        var socket = New();
        socket.Bind(new UnixDomainSocketEndPoint($"\0dataplane-fuzz-{Environment.ProcessId}")); // No file: an abstract name.
        socket.Listen(64);
        return socket;
    }
}
