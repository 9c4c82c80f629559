using System.Net;
using System.Net.Sockets;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// Connects to the destination. With local addresses named, control goes from the first and the data channels from all in turn; all are
/// tried before the first connection is made, so that a wrong one fails at once and not half-way.
/// </summary>
internal sealed class DialedConnections(MigrationAddress to, MigrationOptions options) : IConnections
{
    private int _made;

    public bool MoreMayCome => true;

    public bool CanCallAgain => true;

    /// <summary>From where control went.</summary>
    public async ValueTask<Socket> CallAgainAsync(CancellationToken cancel)
    {
        var socket = await SessionSockets.ConnectAsync(to, options.ConnectTimeout, cancel, options.LocalAddresses.Count == 0 ? null : options.LocalAddresses[0]);
        Liveness.Watch(socket, sendsLittle: true);
        return socket;
    }

    public async ValueTask<Socket> NextAsync(CancellationToken cancel, Action<Socket>? tune = null)
    {
        var local = options.LocalAddresses;
        if (_made == 0)
            foreach (var address in local) SessionSockets.CheckLocal(address, to);
        // The control connection is number 0 and does not count: data channel 0 goes from the first address as well.
        var from = local.Count == 0 ? null : local[Math.Max(0, _made - 1) % local.Count];
        _made++;
        var socket = await SessionSockets.ConnectAsync(to, options.ConnectTimeout, cancel, from, tune);
        Liveness.Watch(socket, sendsLittle: false);
        return socket;
    }
}
