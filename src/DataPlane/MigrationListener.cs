using System.Net.Sockets;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;

namespace DataPlane;

/// <summary>
/// A bound and listening socket for a destination. Lives on when a migration, or a stranger's connection, fails. The file of a UNIX socket
/// is made here and removed on dispose; one that a killed process left behind is replaced.
/// </summary>
public sealed class MigrationListener : IDisposable, IConnections
{
    private readonly Socket _socket;
    private MigrationListener(Socket socket)
    {
        _socket = socket;
        Address = MigrationAddress.Of(socket.LocalEndPoint!);
    }

    /// <summary>The address in effect, with the port that was picked.</summary>
    public MigrationAddress Address { get; }

    /// <summary>Binds and listens. Throws <see cref="Core.Errors.MigrationException"/> (cannot-connect) naming the address and the reason.</summary>
    public static MigrationListener Bind(MigrationAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new MigrationListener(SessionSockets.Listen(address));
    }

    /// <summary>Does something to the listening socket, which those that it accepts then begin with.</summary>
    internal void Tune(Action<Socket> tune) => tune(_socket);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose(); // Removes the file of a UNIX socket too.

    bool IConnections.MoreMayCome => true;

    async ValueTask<Socket> IConnections.NextAsync(CancellationToken cancel, Action<Socket>? tune)
    {
        var socket = await _socket.AcceptAsync(cancel);
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp) socket.NoDelay = true;
            Liveness.Watch(socket, sendsLittle: true);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
