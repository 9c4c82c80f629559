using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DataPlane.Linux.Kvm;

namespace DataPlane.Bench.Blackout;

/// <summary>
/// A way to a port of this host that takes so long in each direction, however much is on its way: kernels without a delaying queue have no other.
/// Its threads wake some 30 us late each.
/// </summary>
internal sealed class DelayRelay : IDisposable
{
    // So much may be on the way in one direction: 64 MiB are 10 ms at 6.4 GB/s, faster than a relay can be.
    private const int MostChunks = 1024;
    private const int ChunkBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _to;
    private readonly TimeSpan _delay;

    public DelayRelay(int to, TimeSpan delay)
    {
        (_to, _delay) = (to, delay);
        _listener.Start();
        Begin("relay-door", Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _sockets) socket.Dispose();
    }

    private static void Begin(string name, Action body) => new Thread(() => UntilBroken(body)) { IsBackground = true, Name = name }.Start();

    private static void UntilBroken(Action body)
    {
        try
        {
            body();
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // A side has closed, or the run is over.
        }
    }

    private void Accept()
    {
        while (true)
        {
            var client = _listener.AcceptSocket();
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            _sockets.Add(client);
            _sockets.Add(server);
            server.Connect(IPAddress.Loopback, _to);
            Join(client, server);
            Join(server, client);
        }
    }

    private void Join(Socket from, Socket to)
    {
        var chunks = new BlockingCollection<(long Due, byte[] Bytes)>(MostChunks);
        Begin("relay-in", () =>
        {
            try
            {
                Receive(from, chunks);
            }
            finally
            {
                chunks.CompleteAdding();
            }
        });
        Begin("relay-out", () => Send(to, chunks));
    }

    private void Receive(Socket from, BlockingCollection<(long Due, byte[] Bytes)> chunks)
    {
        var delay = (long)(_delay.TotalSeconds * Stopwatch.Frequency);
        var buffer = new byte[ChunkBytes];
        for (var count = from.Receive(buffer); count > 0; count = from.Receive(buffer))
            chunks.Add((Stopwatch.GetTimestamp() + delay, buffer[..count]));
    }

    private static void Send(Socket to, BlockingCollection<(long Due, byte[] Bytes)> chunks)
    {
        PreciseWait.SharpenThread();
        using var wait = new PreciseWait();
        foreach (var (due, bytes) in chunks.GetConsumingEnumerable())
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (left > TimeSpan.Zero) wait.Wait((long)left.TotalNanoseconds);
            to.Send(bytes);
        }
        to.Shutdown(SocketShutdown.Send);
    }
}
