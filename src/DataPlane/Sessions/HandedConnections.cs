using System.Net.Sockets;
using DataPlane.Linux.Sockets;

namespace DataPlane.Sessions;

/// <summary>Sockets that the embedder has connected. Owns those that were not asked for.</summary>
internal sealed class HandedConnections : IConnections, IDisposable
{
    private readonly Queue<Socket> _left;
    private readonly bool _sendsLittle;

    /// <summary>Takes over all of <paramref name="connected"/>, or throws <see cref="ArgumentException"/> and none of them.</summary>
    public HandedConnections(IReadOnlyList<Socket> connected, bool sendsLittle)
    {
        if (connected.Count < 2)
            throw new ArgumentException($"{connected.Count} sockets were given; a migration takes two or more: one for control, then the data channels.", nameof(connected));
        foreach (var socket in connected)
        {
            if (socket is null || socket.SocketType != SocketType.Stream || !socket.Connected)
                throw new ArgumentException("All sockets must be stream sockets (TCP or UNIX) and connected.", nameof(connected));
        }
        if (connected.Distinct().Count() < connected.Count) throw new ArgumentException("A socket was given twice.", nameof(connected));
        _left = new Queue<Socket>(connected);
        _sendsLittle = sendsLittle;
    }

    public bool MoreMayCome => false;

    /// <summary>Waits for ever when all have been given away.</summary>
    public async ValueTask<Socket> NextAsync(CancellationToken cancel, Action<Socket>? tune = null)
    {
        if (_left.Count == 0) await Task.Delay(Timeout.Infinite, cancel);
        var socket = _left.Dequeue();
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp) socket.NoDelay = true;
            Liveness.Watch(socket, _sendsLittle);
            tune?.Invoke(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_left.TryDequeue(out var socket)) socket.Dispose();
    }
}
