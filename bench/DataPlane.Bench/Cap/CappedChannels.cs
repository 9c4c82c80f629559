using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Sending;

namespace DataPlane.Bench.Cap;

/// <summary>Channels that send as fast as they may, and the bytes that arrive. Some have nothing to send for half of each second.</summary>
internal sealed unsafe class CappedChannels : IDisposable
{
    private const int SolSocket = 1, MaxPacingRate = 47;

    // A stripe: the most that a channel sends in one call.
    private const int CallBytes = 2 << 20;

    private static readonly TimeSpan _toStart = TimeSpan.FromMilliseconds(500);

    private readonly (DataSocket Client, DataSocket Server)[] _sockets;
    private readonly Thread[] _threads;
    private readonly byte* _source = (byte*)NativeMemory.AlignedAlloc(CallBytes, 4096);
    private readonly BandwidthCap? _cap;
    private readonly int _idle;
    private long _received;
    private volatile bool _stop;

    /// <param name="channels">How many.</param>
    /// <param name="idle">How many of them idle for half of each second.</param>
    /// <param name="rate">Bytes per second of all together.</param>
    /// <param name="method">How they are held to it.</param>
    /// <param name="unix">UNIX sockets in place of TCP over loopback.</param>
    public CappedChannels(int channels, int idle, long rate, CapMethod method, bool unix)
    {
        NativeMemory.Fill(_source, CallBytes, 0x5A);
        _idle = idle;
        _cap = method == CapMethod.Shared ? new BandwidthCap(rate) : null;
        _sockets = [.. Enumerable.Range(0, channels).Select(_ => Connect(unix, method == CapMethod.Pacing ? rate / channels : null))];
        _threads =
        [
            .. _sockets.Select((pair, number) => new Thread(() => Send(pair.Client, number))),
            .. _sockets.Select(pair => new Thread(() => Receive(pair.Server))),
        ];
    }

    /// <summary>Bytes a second over <paramref name="time"/>, once all threads run.</summary>
    public double Run(TimeSpan time)
    {
        foreach (var thread in _threads) thread.Start();
        Thread.Sleep(_toStart);
        var (before, start) = (Interlocked.Read(ref _received), Stopwatch.GetTimestamp());
        Thread.Sleep(time);
        var received = Interlocked.Read(ref _received) - before;
        return received / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _stop = true;
        _cap?.End();
        foreach (var (client, server) in _sockets)
        {
            client.Abort();
            server.Abort();
        }
        foreach (var thread in _threads) thread.Join();
        foreach (var (client, server) in _sockets)
        {
            client.Dispose();
            server.Dispose();
        }
        NativeMemory.AlignedFree(_source);
    }

    private static (DataSocket Client, DataSocket Server) Connect(bool unix, long? pacing)
    {
        if (unix)
        {
            var (one, other) = UnixPair.Create();
            return (new DataSocket(one), new DataSocket(other));
        }
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndpoint);
        TcpTuning.SetCongestion(client, "cubic", 0);
        if (pacing is { } rate) client.SetRawSocketOption(SolSocket, MaxPacingRate, BitConverter.GetBytes(rate));
        return (new DataSocket(client), new DataSocket(listener.AcceptSocket()));
    }

    private void Send(DataSocket socket, int number)
    {
        try
        {
            while (!_stop)
            {
                if (number < _idle && Environment.TickCount64 % 1000 < 500)
                {
                    Thread.Sleep(10);
                    continue;
                }
                var vector = new IoVector { Base = _source, Length = CallBytes };
                if (_cap is null) socket.Send(&vector, 1);
                else _ = CappedSend.Run(socket, &vector, 1, _cap);
            }
        }
        catch (LinuxException) when (_stop)
        {
            // Aborted at the end.
        }
    }

    private void Receive(DataSocket socket)
    {
        var buffer = (byte*)NativeMemory.Alloc(CallBytes);
        try
        {
            while (true)
            {
                var vector = new IoVector { Base = buffer, Length = CallBytes };
                var received = socket.Receive(&vector, 1);
                if (received == 0) return;
                Interlocked.Add(ref _received, (long)received);
            }
        }
        catch (LinuxException) when (_stop)
        {
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
