using DataPlane.Linux.Sockets;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>What the handshake made: the control link and all data sockets.</summary>
internal sealed record DestinationConnection(ControlLink Link, IReadOnlyList<DataSocket> Data) : IAsyncDisposable
{
    /// <summary>Closes what is open yet. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var socket in Data) socket.Dispose();
        await Link.DisposeAsync();
    }
}
