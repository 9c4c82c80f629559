using System.Net;
using System.Net.Sockets;
using Xunit;

namespace DataPlane.Tests.Kit;

/// <summary>Skips where the kernel has no IPv6, or its loopback has no address of it.</summary>
internal static class NeedsIPv6
{
    private static readonly Lazy<string?> _missing = new(Find);

    public static void OrSkip() => Skip.If(_missing.Value is not null, $"IPv6 on loopback is not there: {_missing.Value}");

    public static (Socket Client, Socket Server) Connect()
    {
        OrSkip();
        return SocketPair.Tcp6();
    }

    private static string? Find()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return null;
        }
        catch (SocketException fault)
        {
            return fault.Message;
        }
    }
}
