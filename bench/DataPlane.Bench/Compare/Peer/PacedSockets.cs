using System.Net.Sockets;

namespace DataPlane.Bench.Compare.Peer;

/// <summary>Connections whose data channels the kernel paces, for a source that is handed its sockets.</summary>
internal static class PacedSockets
{
    private const int SocketLevel = 1, MaxPacingRate = 47; // SOL_SOCKET, SO_MAX_PACING_RATE

    public static IReadOnlyList<Socket> Connect(MigrationAddress to, int channels, long bytesPerSecond)
    {
        var sockets = Enumerable.Range(0, channels + 1).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }).ToArray();
        foreach (var socket in sockets) socket.Connect(to.Host!, to.Port);
        foreach (var socket in sockets[1..])
            socket.SetRawSocketOption(SocketLevel, MaxPacingRate, BitConverter.GetBytes(bytesPerSecond));
        return sockets;
    }
}
