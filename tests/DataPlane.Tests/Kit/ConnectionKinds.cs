using System.Net;
using System.Net.Sockets;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Memory;

namespace DataPlane.Tests.Kit;

/// <summary>Every kind of connection that a data channel can run on.</summary>
public enum ConnectionKind
{
    /// <summary>TCP over 127.0.0.1.</summary>
    Tcp4,

    /// <summary>TCP over ::1.</summary>
    Tcp6,

    /// <summary>A UNIX socket connected by its name.</summary>
    Unix,

    /// <summary>A UNIX socket of <c>socketpair(2)</c>.</summary>
    Pair,

    /// <summary>Rings in this process.</summary>
    Memory,
}

/// <summary>Makes connections of each kind.</summary>
internal static class ConnectionKinds
{
    private const int RingBytes = 256 << 10;

    public static bool IsTcp(this ConnectionKind kind) => kind is ConnectionKind.Tcp4 or ConnectionKind.Tcp6;

    /// <summary>Two ends of one, given away. Skips where this machine has no such kind.</summary>
    public static (IDataConnection Client, IDataConnection Server) Connect(ConnectionKind kind)
    {
        if (kind == ConnectionKind.Memory) return MemoryConnection.Pair(RingBytes);
        var (client, server) = Sockets(kind);
        return (new DataSocket(client), new DataSocket(server));
    }

    /// <summary>Two connected sockets of a kind that is one.</summary>
    public static (Socket Client, Socket Server) Sockets(ConnectionKind kind) => kind switch
    {
        ConnectionKind.Tcp4 => SocketPair.Tcp(),
        ConnectionKind.Tcp6 => NeedsIPv6.Connect(),
        ConnectionKind.Unix => SocketPair.Unix(),
        ConnectionKind.Pair => UnixPair.Create(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No sockets."),
    };

    /// <summary>An address to listen on, of a kind that has one.</summary>
    public static MigrationAddress Address(ConnectionKind kind)
    {
        if (kind == ConnectionKind.Tcp6) NeedsIPv6.OrSkip();
        var text = kind switch
        {
            ConnectionKind.Tcp4 => "tcp:127.0.0.1:0",
            ConnectionKind.Tcp6 => "tcp:[::1]:0",
            ConnectionKind.Unix => $"unix:{Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())}",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No address."),
        };
        return MigrationAddress.TryParse(text, out var address, out var fault) ? address! : throw new FormatException(fault);
    }
}
