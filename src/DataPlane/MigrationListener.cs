using System.Net.Sockets;
using DataPlane.Sessions;

namespace DataPlane;

/// <summary>A bound and listening socket for a destination. Lives on when a migration, or a stranger's connection, fails.</summary>
public sealed class MigrationListener : IDisposable
{
    private readonly Socket _socket;
    private readonly string? _path;

    private MigrationListener(Socket socket, string? path)
    {
        _socket = socket;
        _path = path;
        Address = MigrationAddress.Of(socket.LocalEndPoint!);
    }

    /// <summary>The address in effect, with the port that was picked.</summary>
    public MigrationAddress Address { get; }

    /// <summary>Binds and listens. Throws <see cref="Core.Errors.MigrationException"/> (cannot-connect) naming the address and the reason.</summary>
    public static MigrationListener Bind(MigrationAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new MigrationListener(SessionSockets.Listen(address), address.Path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null) File.Delete(_path);
    }

    internal async ValueTask<Socket> AcceptAsync(CancellationToken cancel)
    {
        var socket = await _socket.AcceptAsync(cancel);
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp) socket.NoDelay = true;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
