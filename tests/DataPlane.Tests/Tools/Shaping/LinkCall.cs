using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Shaping;

namespace DataPlane.Tests.Tools.Shaping;

/// <summary>Connections of this process over a shaped link that is a relay.</summary>
internal sealed class LinkCall : IAsyncDisposable
{
    private readonly Socket _listener = SocketPair.Create(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly List<Socket> _sockets = [];

    private LinkCall(ShapedLink link)
    {
        Link = link;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        _listener.ReceiveTimeout = 60_000;
    }

    public ShapedLink Link { get; }

    public static async Task<LinkCall> OpenAsync(LinkShape shape) => new(await ShapedLink.OpenAsync(shape, ShapingChoice.Relay, default));

    public static LinkShape Faulty(params LinkFault[] faults) => new() { Faults = new FaultPlan { Seed = 7, Faults = faults } };

    /// <summary>Two connected ends; both of them give up after a minute.</summary>
    public (Socket Client, Socket Server) Connect()
    {
        var at = Link.Reach(MigrationAddress.Of(_listener.LocalEndPoint!));
        var end = new IPEndPoint(IPAddress.Parse(at.Host!), at.Port);
        var client = SocketPair.Create(end);
        client.Connect(end);
        var server = _listener.Accept();
        foreach (var socket in (Socket[])[client, server]) socket.ReceiveTimeout = socket.SendTimeout = 60_000;
        _sockets.AddRange([client, server]);
        return (client, server);
    }

    /// <summary>As <see cref="Connect()"/>, with the first words of a migration's connection sent and received.</summary>
    public (Socket Client, Socket Server) Connect(ConnectionRole role, ushort channel = 0)
    {
        var (client, server) = Connect();
        var words = new byte[Preamble.Size];
        new Preamble(role, channel, 1, 1, Guid.Empty, role == ConnectionRole.Data ? UInt128.One : UInt128.Zero).Write(words);
        _ = client.Send(words);
        _ = Receive(server, words.Length);
        return (client, server);
    }

    /// <summary>So many bytes, or as many as come before the connection's end; what kind of end that was.</summary>
    public static (byte[] Bytes, SocketError? End) Receive(Socket socket, int count)
    {
        var bytes = new byte[count];
        var filled = 0;
        try
        {
            while (filled < count)
            {
                var read = socket.Receive(bytes.AsSpan(filled));
                if (read == 0) return (bytes[..filled], SocketError.Success);
                filled += read;
            }
            return (bytes, null);
        }
        catch (SocketException ended)
        {
            return (bytes[..filled], ended.SocketErrorCode);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        _listener.Dispose();
        foreach (var socket in _sockets) socket.Dispose();
    }
}
