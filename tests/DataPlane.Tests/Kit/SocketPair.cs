using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tests.Kit;

/// <summary>Two connected stream sockets, given away to whoever takes them over.</summary>
internal static class SocketPair
{
    public static (Socket Client, Socket Server) Tcp() => Connect(new IPEndPoint(IPAddress.Loopback, 0));

    public static (Socket Client, Socket Server) Tcp6() => Connect(new IPEndPoint(IPAddress.IPv6Loopback, 0));

    public static (Socket Client, Socket Server) Unix()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            return Connect(new UnixDomainSocketEndPoint(path));
        }
        finally
        {
            File.Delete(path); // Connected sockets need the name no more.
        }
    }

    /// <summary>A client that a relay forwards to the server.</summary>
    public static (Socket Client, Socket Server) Through(Relay relay)
    {
        var client = Create(relay.EndPoint);
        client.Connect(relay.EndPoint);
        return (client, relay.Accept());
    }

    public static Socket Create(EndPoint end) => end is IPEndPoint
        ? new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
        : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static (Socket Client, Socket Server) Connect(EndPoint end)
    {
        using var listener = Create(end);
        listener.Bind(end);
        listener.Listen(1);
        var client = Create(end);
        client.Connect(listener.LocalEndPoint!);
        var server = listener.Accept();
        if (end is IPEndPoint) server.NoDelay = true;
        return (client, server);
    }
}
