using System.Net;

namespace DataPlane.Linux.Sockets;

/// <summary>Ends of connections, for people.</summary>
internal static class PeerNames
{
    /// <summary>An address and a port; a socket of both kinds has IPv4 in IPv6's form, which nobody asks for or recognises.</summary>
    public static string Of(EndPoint end) =>
        end is IPEndPoint { Address: { IsIPv4MappedToIPv6: true } mapped, Port: var port } ? $"{mapped.MapToIPv4()}:{port}" : $"{end}";
}
