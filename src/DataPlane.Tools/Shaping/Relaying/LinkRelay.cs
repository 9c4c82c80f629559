using System.Net;
using System.Net.Sockets;
using DataPlane.Linux.Host;

namespace DataPlane.Tools.Shaping;

/// <summary>The stretch of a link before one listener: takes connections and carries each on to it.</summary>
internal sealed class LinkRelay : IDisposable
{
    // What waits in the relay before its turn is a queue that no real link has; TCP's own would grow to megabytes.
    private const int SmallBuffer = 256 << 10;
    private const int Backlog = 128;

    private readonly Socket _listener;
    private readonly string? _network;
    private readonly IPEndPoint _target;
    private readonly Func<Socket, Socket, RelayLane> _lane;
    private readonly List<RelayLane> _lanes = [];
    private readonly List<Thread> _threads = [];
    private readonly Thread _door;
    private bool _over;

    /// <param name="network">The network namespace it stands in; null is the process' own.</param>
    /// <param name="host">Where it listens, on a port of its own.</param>
    /// <param name="target">Whom it carries to.</param>
    /// <param name="holdsRate">Whether the link's rate is this relay's to hold.</param>
    /// <param name="lane">Makes the connection of the two sockets.</param>
    public LinkRelay(string? network, IPAddress host, IPEndPoint target, bool holdsRate, Func<Socket, Socket, RelayLane> lane)
    {
        (_network, _target, _lane) = (network, target, lane);
        var end = new IPEndPoint(host, 0);
        _listener = NetworkNamespace.CreateSocket(network, end);
        if (holdsRate) _listener.ReceiveBufferSize = SmallBuffer;
        _listener.Bind(end);
        _listener.Listen(Backlog);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _door = RelayPump.Begin("dp-link-door", Accept);
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        RelayLane[] lanes;
        Thread[] threads;
        lock (_lanes)
        {
            _over = true;
            (lanes, threads) = ([.. _lanes], [.. _threads]);
        }
        _listener.Dispose();
        _door.Join();
        foreach (var lane in lanes) lane.Reset();
        foreach (var thread in threads) thread.Join();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _listener.Accept();
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return; // The link is being closed.
            }
            // Beside the door, which one that cannot be connected would hold shut.
            var thread = new Thread(() => Carry(client)) { IsBackground = true, Name = "dp-link-there" };
            lock (_lanes)
            {
                if (_over)
                {
                    client.Close(0);
                    return;
                }
                _ = _threads.RemoveAll(each => !each.IsAlive);
                _threads.Add(thread);
                thread.Start();
            }
        }
    }

    private void Carry(Socket client)
    {
        Socket? server = null;
        try
        {
            client.NoDelay = true;
            server = NetworkNamespace.CreateSocket(_network, _target);
            server.Connect(_target);
        }
        catch (IOException)
        {
            // The namespace is gone: the link is being closed.
            client.Close(0);
            return;
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            client.Close(0); // Nobody is there: the one who connects is told so.
            server?.Dispose();
            return;
        }
        RelayLane lane;
        lock (_lanes)
        {
            if (_over)
            {
                client.Close(0);
                server.Dispose();
                return;
            }
            _lanes.Add(lane = _lane(client, server));
        }
        lane.Run();
        lock (_lanes) _ = _lanes.Remove(lane);
    }
}
