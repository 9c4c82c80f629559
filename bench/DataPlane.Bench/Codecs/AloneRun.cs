using System.Diagnostics;
using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;

namespace DataPlane.Bench.Codecs;

/// <summary>
/// The yardstick of what compressing costs: the same blocks of the same memory copied out, encoded, and decoded to where they belong, by as many
/// threads as there are channels, and nothing else. No scan, no frames, no sockets.
/// </summary>
internal static unsafe class AloneRun
{
    private const int BlockBytes = FrameChecks.MaxEncodedPages * PageGeometry.PageSize;

    public static double Seconds(GuestMemory source, GuestMemory destination, PageEncoding encoding, int threads)
    {
        var share = source.ByteCount / threads / BlockBytes * BlockBytes;
        var workers = Enumerable.Range(0, threads).Select(i => new Thread(() => Work(source, destination, encoding, i * share, share))).ToArray();
        var start = Stopwatch.GetTimestamp();
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Work(GuestMemory from, GuestMemory to, PageEncoding encoding, long first, long length)
    {
        using var codec = PageCodecs.Create(encoding);
        var copy = (byte*)NativeMemory.AlignedAlloc(BlockBytes, 64);
        var encoded = (byte*)NativeMemory.AlignedAlloc(BlockBytes, 64);
        var source = (byte*)from.Blocks[0].Info.HostAddress;
        var destination = (byte*)to.Blocks[0].Info.HostAddress;
        for (var at = first; at < first + length; at += BlockBytes)
        {
            Buffer.MemoryCopy(source + at, copy, BlockBytes, BlockBytes);
            var size = codec.TryEncode(new ReadOnlySpan<byte>(copy, BlockBytes), new Span<byte>(encoded, BlockBytes - (BlockBytes / 16)));
            var place = new Span<byte>(destination + at, BlockBytes);
            if (size == 0) new ReadOnlySpan<byte>(copy, BlockBytes).CopyTo(place);
            else Answer.Check(true, codec.TryDecodeExact(new ReadOnlySpan<byte>(encoded, size), place));
        }
        NativeMemory.AlignedFree(copy);
        NativeMemory.AlignedFree(encoded);
    }
}
