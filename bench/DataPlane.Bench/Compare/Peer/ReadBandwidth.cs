using System.Diagnostics;
using System.Runtime.Intrinsics;
using DataPlane.Linux.Memory;

namespace DataPlane.Bench.Compare.Peer;

/// <summary>What reading a memory costs when nothing is done with what is read: the ceiling of a search for zero pages.</summary>
internal static unsafe class ReadBandwidth
{
    private const int Times = 3;

    /// <summary>The best of some walks over all of it, by all cores. The memory must hold nothing but zeros.</summary>
    public static double BytesPerSecond(AllocatedMemory memory)
    {
        var best = 0.0;
        var threads = Environment.ProcessorCount;
        var share = memory.Length / threads / 4096 * 4096;
        for (var i = 0; i < Times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var workers = Enumerable.Range(0, threads).Select(worker => new Thread(
                () => Answer.Check(true, Or((byte*)memory.Address + (worker * share), share) == Vector512<byte>.Zero))).ToArray();
            foreach (var worker in workers) worker.Start();
            foreach (var worker in workers) worker.Join();
            best = Math.Max(best, share * threads / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    /// <summary>All of <paramref name="length"/> bytes, a multiple of 256, in one: four sums, so that no load waits for the one before.</summary>
    public static Vector512<byte> Or(byte* at, long length)
    {
        Vector512<byte> a = default, b = default, c = default, d = default;
        for (var end = at + length; at < end; at += 4 * Vector512<byte>.Count)
        {
            a |= Vector512.Load(at);
            b |= Vector512.Load(at + Vector512<byte>.Count);
            c |= Vector512.Load(at + (2 * Vector512<byte>.Count));
            d |= Vector512.Load(at + (3 * Vector512<byte>.Count));
        }
        return a | b | c | d;
    }
}
