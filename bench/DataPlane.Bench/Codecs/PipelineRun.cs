using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Dirty;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Receiving;
using DataPlane.Transport.Sending;

namespace DataPlane.Bench.Codecs;

/// <summary>
/// All memory once through the whole pipeline: claimed, scanned, encoded, sent over TCP, received, checked, decoded, placed. From the order to
/// the answered fence; no guest, no handshake, no blackout.
/// </summary>
internal static class PipelineRun
{
    private const int SocketLevel = 1;
    private const int MaxPacingRate = 47; // SO_MAX_PACING_RATE

    /// <summary>Seconds, and pages sent as they are, as LZ4, and as Zstandard. With a rate in bytes per second each channel's socket is paced to its share of it.</summary>
    public static async Task<PipelineSample> MeasureAsync(CodecMemory memory, CodecCase codec, int channels, long? link)
    {
        using var bitmap = new DirtyBitmap(memory.Source);
        using var received = new DirtyBitmap(memory.Destination);
        using var dirty = new ExplicitDirtySource(memory.Source);
        var sockets = Enumerable.Range(0, channels).Select(_ => Connect(link / channels)).ToArray();
        using var fenced = new SemaphoreSlim(0);
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        bitmap.SetAll();
        using var sender = new ChannelCrew(
            memory.Source, bitmap, dirty, [.. sockets.Select(pair => pair.Client)], fault => ended.TrySetResult(fault),
            new SendingOptions { Encodings = codec.Encodings, Chooses = codec.Chooses, CompressThreads = codec.CompressThreads });
        using var receiver = new ReceivingCrew(
            memory.Destination, received, [], fresh: false, mapped: true, [.. sockets.Select(pair => pair.Server)], _ => fenced.Release(),
            fault => ended.TrySetResult(fault), codec.Encodings);
        receiver.Start();
        sender.Start();
        var start = Stopwatch.GetTimestamp();
        var order = sender.Give(OrderKind.Passes);
        await sender.WhenDryAsync(channels).WaitAsync(TimeSpan.FromMinutes(5));
        await sender.Give(OrderKind.Fence, 1).Done;
        var placed = fenced.WaitAsync();
        if (await Task.WhenAny(placed, ended.Task) != placed) throw new InvalidOperationException("The stream broke.", await ended.Task);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var channel in receiver.Channels) Answer.Check(true, sender.Channels[channel.Number].Unacknowledged.Acknowledge(channel.Placed));
        var counters = sender.Channels.Select(channel => channel.Counters).ToArray();
        var (pages, encoded, zstd) = (counters.Sum(all => all.Pages), counters.Sum(all => all.EncodedPages), counters.Sum(all => all.ZstdPages));
        return new PipelineSample(seconds, pages - encoded, encoded - zstd, zstd);
    }

    private static unsafe (DataSocket Client, DataSocket Server) Connect(long? rate)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        TcpTuning.SetCongestion(client, "cubic", 0);
        if (rate is { } paced)
            Answer.Check(0, SocketNative.SetOption((int)client.Handle, SocketLevel, MaxPacingRate, &paced, sizeof(long)));
        return (new DataSocket(client), new DataSocket(listener.Accept()));
    }
}
