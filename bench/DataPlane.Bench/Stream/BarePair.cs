using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Sockets;

namespace DataPlane.Bench.Stream;

/// <summary>
/// The yardstick for what memory costs: the same bytes between memories of the same size and kind, by the same calls, with nothing around them. No frames,
/// no scan, no bitmap, no acknowledgements; one sending and one receiving thread per connection, all in one process.
/// </summary>
internal sealed unsafe class BarePair : IDisposable
{
    private readonly AllocatedMemory _source;
    private readonly AllocatedMemory _destination;

    public BarePair(long bytes)
    {
        _source = AllocatedMemory.Create("bare-source", bytes, hugePages: true);
        _destination = AllocatedMemory.Create("bare-destination", bytes, hugePages: true);
        _source.Populate(Environment.ProcessorCount);
        _destination.Populate(Environment.ProcessorCount);
        for (long offset = 0; offset < bytes; offset += sizeof(long))
            *(long*)(_source.Address + (nint)offset) = offset * 0x4F1BBCDD;
    }

    public StreamSample Run(int channels)
    {
        var share = _source.Length / channels / PageGeometry.StripeSize * PageGeometry.StripeSize;
        var pairs = Enumerable.Range(0, channels).Select(_ => Connect()).ToArray();
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        Thread[] threads =
        [
            .. pairs.Select((pair, i) => Begin(() => Send(pair.Client, _source.Address + (nint)(i * share), share))),
            .. pairs.Select((pair, i) => Begin(() => Receive(pair.Server, _destination.Address + (nint)(i * share), share))),
        ];
        foreach (var thread in threads) thread.Join();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var spent = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        foreach (var (client, server) in pairs)
        {
            client.Dispose();
            server.Dispose();
        }
        var bytes = share * channels;
        return new StreamSample(bytes / seconds, spent / (bytes / 1e9), null);
    }

    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    private static Thread Begin(ThreadStart body)
    {
        var thread = new Thread(body);
        thread.Start();
        return thread;
    }

    private static (DataSocket Client, DataSocket Server) Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        TcpTuning.SetCongestion(client, "cubic", 0);
        return (new DataSocket(client), new DataSocket(listener.Accept()));
    }

    private static void Send(DataSocket socket, nint address, long length)
    {
        for (long offset = 0; offset < length; offset += PageGeometry.StripeSize)
        {
            var vector = new IoVector { Base = (byte*)address + offset, Length = PageGeometry.StripeSize };
            socket.Send(&vector, 1);
        }
    }

    private static void Receive(DataSocket socket, nint address, long length)
    {
        for (long offset = 0; offset < length;)
        {
            var vector = new IoVector { Base = (byte*)address + offset, Length = (nuint)Math.Min(PageGeometry.StripeSize, length - offset) };
            var received = socket.Receive(&vector, 1);
            if (received == 0) return;
            offset += (long)received;
        }
    }
}
