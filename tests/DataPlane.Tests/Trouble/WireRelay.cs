using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// A stretch of network between a source and a destination that knows the protocol: it hands each unit to a test before the unit goes on,
/// so that trouble strikes at one place of the stream and nowhere else, and does to whole connections what networks do.
/// </summary>
internal sealed class WireRelay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly List<WireLane> _lanes = [];
    private readonly List<Task> _running = [];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public WireRelay(MigrationAddress to)
    {
        _target = new IPEndPoint(IPAddress.Parse(to.Host!), to.Port);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        Address = MigrationAddress.Of(_listener.LocalEndPoint!);
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where the source connects to.</summary>
    public MigrationAddress Address { get; }

    /// <summary>Completes when the relay is being disposed: what is held until then never goes on.</summary>
    public Task Over => _over.Task;

    /// <summary>Asked of each unit before it goes on, its payload still unread; it is held until the answer. From several threads.</summary>
    public Func<WireUnit, ValueTask<Fate>> BeforeUnit { get; set; } = _ => ValueTask.FromResult(Fate.Passes);

    /// <summary>Asked of each frame with a payload when a part of that has gone on.</summary>
    public Func<WireUnit, ValueTask> WithinFrame { get; set; } = _ => ValueTask.CompletedTask;

    /// <summary>Asked of each connection before anything is read from it.</summary>
    public Func<WireLane, ValueTask> OnConnect { get; set; } = _ => ValueTask.CompletedTask;

    /// <summary>What connections that come later are made to do.</summary>
    public Action<WireLane>? ForLater { get; set; }

    public IReadOnlyList<WireLane> Lanes
    {
        get
        {
            lock (_lanes) return [.. _lanes];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _ = _over.TrySetResult();
        await _accepting;
        foreach (var lane in Lanes) lane.Cut(reset: true);
        await Task.WhenAll(_running);
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                try
                {
                    await server.ConnectAsync(_target);
                }
                catch (SocketException)
                {
                    client.Close(0); // Nobody is there any more: the source is told so.
                    server.Dispose();
                    continue;
                }
                var lane = new WireLane(this, client, server);
                lock (_lanes) _lanes.Add(lane);
                ForLater?.Invoke(lane);
                _running.Add(Task.Run(lane.RunAsync));
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The relay is being disposed.
        }
    }
}
