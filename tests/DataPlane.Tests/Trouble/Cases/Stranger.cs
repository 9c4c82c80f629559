using System.Net.Sockets;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>A connection that speaks another protocol, up to its being refused.</summary>
internal static class Stranger
{
    public static async Task CallAsync(MigrationAddress address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host!, address.Port);
        _ = await socket.SendAsync(new byte[100]);
        try
        {
            _ = await socket.ReceiveAsync(new byte[1]);
        }
        catch (SocketException)
        {
            // Closed with what was sent unread: the kernel's way to say the same.
        }
    }
}
