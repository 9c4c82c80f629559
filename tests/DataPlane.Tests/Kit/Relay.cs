using System.Net;
using System.Net.Sockets;

namespace DataPlane.Tests.Kit;

/// <summary>
/// A faulty link: accepts connections on loopback and forwards each to a target, doing to its bytes what the connection's plan says.
/// Connections are numbered from 0 as they are accepted.
/// </summary>
/// <remarks>
/// With a target of its own (<see cref="Relay(Func{int, RelayPlan})"/>) the other ends are taken by <see cref="Accept"/>, one for each connection.
/// </remarks>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Socket _listener = SocketPair.Create(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Socket? _ownTarget;
    private readonly EndPoint _target;
    private readonly Func<int, RelayPlan> _plan;
    private readonly TaskCompletionSource _endOfStalls = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RelayLane> _lanes = [];
    private readonly List<Task> _running = [];
    private readonly Task _accepting;

    /// <summary>Forwards to whoever listens at <paramref name="target"/>.</summary>
    public Relay(EndPoint target, Func<int, RelayPlan> plan)
        : this(target, ownTarget: null, plan)
    {
    }

    /// <summary>Forwards to sockets that <see cref="Accept"/> gives.</summary>
    public Relay(Func<int, RelayPlan> plan)
        : this(null, Listen(SocketPair.Create(new IPEndPoint(IPAddress.Loopback, 0))), plan)
    {
    }

    private Relay(EndPoint? target, Socket? ownTarget, Func<int, RelayPlan> plan)
    {
        _ownTarget = ownTarget;
        _target = target ?? ownTarget!.LocalEndPoint!;
        _plan = plan;
        _ = Listen(_listener);
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>The connections so far.</summary>
    public IReadOnlyList<RelayLane> Lanes
    {
        get
        {
            lock (_lanes) return [.. _lanes];
        }
    }

    /// <summary>The server's end of the next connection.</summary>
    public Socket Accept()
    {
        var socket = (_ownTarget ?? throw new InvalidOperationException("This relay forwards to another's listener.")).Accept();
        socket.NoDelay = true;
        return socket;
    }

    /// <summary>Lets go on what stalled.</summary>
    public void EndStalls() => _endOfStalls.TrySetResult();

    /// <summary>Cuts every connection.</summary>
    public void CutAll(bool resets = false)
    {
        foreach (var lane in Lanes) lane.Cut(resets);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _ownTarget?.Dispose();
        await _accepting;
        CutAll();
        EndStalls();
        await Task.WhenAll(_running);
    }

    private static Socket Listen(Socket socket)
    {
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(64);
        return socket;
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var client = await _listener.AcceptAsync();
                if (await TryConnectAsync(client) is not { } server) continue;
                var lane = new RelayLane(client, server, _plan(number), _endOfStalls.Task);
                lock (_lanes) _lanes.Add(lane);
                _running.Add(Task.Run(lane.Run));
            }
        }
        catch (SocketException)
        {
            // The listener is gone: no more connections.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    /// <summary>The other end for <paramref name="client"/>; null where it has gone already, or nobody is there to be connected to.</summary>
    private async Task<Socket?> TryConnectAsync(Socket client)
    {
        var server = SocketPair.Create(_target);
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(_target);
            return server;
        }
        catch (SocketException)
        {
            client.Dispose();
            server.Dispose();
            return null;
        }
    }
}
