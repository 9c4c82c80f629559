using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tests.Kit;

/// <summary>Somebody who connects to a destination and says what a test wants.</summary>
internal static class Caller
{
    /// <summary>Connects and says <paramref name="words"/>. Reads give up after 10 s.</summary>
    public static Socket Say(MigrationAddress to, ReadOnlySpan<byte> words)
    {
        var socket = SocketPair.Create(new IPEndPoint(IPAddress.Any, 0));
        socket.ReceiveTimeout = 10_000;
        socket.Connect(to.Host!, to.Port);
        if (!words.IsEmpty) _ = socket.Send(words);
        return socket;
    }

    /// <summary>Waits until the other side has closed; what it says before that is passed over.</summary>
    public static void AwaitClosed(Socket socket)
    {
        try
        {
            var answer = new byte[4096];
            while (socket.Receive(answer) > 0)
            {
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with what was sent unread: the kernel's way to say the same.
        }
    }

    /// <summary>Says <paramref name="words"/> and waits until the other side has closed.</summary>
    public static void SayAndBeRefused(MigrationAddress to, ReadOnlySpan<byte> words)
    {
        using var socket = Say(to, words);
        AwaitClosed(socket);
    }
}
