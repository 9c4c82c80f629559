using System.Net.Sockets;

namespace DataPlane.Fuzz.Recording;

/// <summary>What happens to the bytes of one direction of one connection: what comes in, and what goes on.</summary>
internal delegate ReadOnlyMemory<byte> Tap(ReadOnlyMemory<byte> chunk);

/// <summary>
/// Stands between a source and a destination, on UNIX sockets, and gives each chunk to a tap on its way. Connections are numbered from 0
/// as they are accepted: the control connection first, then the data connections.
/// </summary>
internal sealed class TapRelay : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly MigrationAddress _to;
    private readonly Func<int, bool, Tap> _tap;
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _running = [];
    private readonly Task _accepting;

    /// <param name="to">The destination's address.</param>
    /// <param name="tap">Makes the tap of a connection, by its number and whether the bytes come from the source.</param>
    public TapRelay(MigrationAddress to, Func<int, bool, Tap> tap)
    {
        (_to, _tap) = (to, tap);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(64);
        Address = MigrationAddress.Of(_listener.LocalEndPoint!);
        _accepting = AcceptAsync();
    }

    /// <summary>Where the source connects to.</summary>
    public MigrationAddress Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        File.Delete(_path);
        await _accepting;
        lock (_sockets)
        {
            foreach (var socket in _sockets) socket.Dispose();
        }
        await Task.WhenAll(_running);
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var from = await _listener.AcceptAsync();
                var to = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                lock (_sockets) _sockets.AddRange([from, to]);
                await to.ConnectAsync(new UnixDomainSocketEndPoint(_to.Path!));
                _running.Add(ForwardAsync(from, to, _tap(number, true)));
                _running.Add(ForwardAsync(to, from, _tap(number, false)));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The relay is being disposed, or the destination listens no more.
        }
    }

    private static async Task ForwardAsync(Socket from, Socket to, Tap tap)
    {
        var buffer = new byte[64 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer.AsMemory())) > 0;)
                for (var rest = tap(buffer.AsMemory(0, read)); rest.Length > 0;) rest = rest[await to.SendAsync(rest)..];
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // One side is gone: the other is told.
            from.Dispose();
            to.Dispose();
        }
    }
}
