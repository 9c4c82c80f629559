using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tests.Kit;

/// <summary>
/// A stretch of network between a source and a destination, for TCP. It can be cut (every connection breaks), or stall (nothing moves
/// any more and nobody is told), and can act when so many bytes have come through towards the destination.
/// </summary>
internal sealed class CutRelay : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly MigrationAddress _to;
    private readonly List<Socket> _sockets = [];
    private readonly TaskCompletionSource _stalled = new();
    private readonly long _actAt;
    private readonly Action<CutRelay>? _act;
    private long _forwarded;
    private int _acted;
    private volatile bool _stall;
    private volatile bool _slow;
    private bool _cut;

    /// <param name="to">The destination.</param>
    /// <param name="actAt">Bytes towards the destination at which to act; the bytes that reach it still go through.</param>
    /// <param name="act">What to do then, once.</param>
    public CutRelay(MigrationAddress to, long actAt = long.MaxValue, Action<CutRelay>? act = null)
    {
        (_to, _actAt, _act) = (to, actAt, act);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
        Address = MigrationAddress.Of(_listener.LocalEndPoint!);
        _ = AcceptAsync();
    }

    /// <summary>Where the source connects to.</summary>
    public MigrationAddress Address { get; }

    /// <summary>Breaks every connection and takes no more.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            _cut = true;
            foreach (var socket in _sockets) socket.Close(0); // A reset, as from a host that is gone.
            _sockets.Clear();
        }
    }

    /// <summary>From now on nothing moves in either direction; connections stay up.</summary>
    public void Stall() => _stall = true;

    /// <summary>From now on a piece of 256 KiB takes 20 ms per connection, so that what follows lasts long enough to act in it.</summary>
    public void Slow() => _slow = true;

    public void Dispose()
    {
        _listener.Dispose();
        _ = _stalled.TrySetResult();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var from = await _listener.AcceptAsync();
                var to = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                from.NoDelay = true;
                await to.ConnectAsync(_to.Host!, _to.Port);
                lock (_sockets)
                {
                    _sockets.AddRange([from, to]);
                    if (_cut) Cut();
                }
                _ = ForwardAsync(from, to, counts: true);
                _ = ForwardAsync(to, from, counts: false);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The relay is being disposed, or there is no destination any more.
        }
    }

    private async Task ForwardAsync(Socket from, Socket to, bool counts)
    {
        var buffer = new byte[256 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer.AsMemory())) > 0;)
            {
                if (_stall) await _stalled.Task;
                if (_slow) await Task.WhenAny(_stalled.Task, Task.Delay(20));
                await to.SendAsync(buffer.AsMemory(0, read));
                if (counts && Interlocked.Add(ref _forwarded, read) >= _actAt && Interlocked.Exchange(ref _acted, 1) == 0) _act!(this);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // One side is gone: the other finds out in the same way.
            from.Close(0);
            to.Close(0);
        }
    }
}
