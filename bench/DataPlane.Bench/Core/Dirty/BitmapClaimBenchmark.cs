using System.Numerics;
using BenchmarkDotNet.Attributes;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Core.Dirty;

/// <summary>
/// A walk over the bitmap of a whole guest that takes every bit and names its runs, as all channels together do in a pass; the baseline takes
/// bit by bit. The guest exists as addresses only. Each timing starts with a bitmap that was just filled, so there is one call per timing.
/// </summary>
public class BitmapClaimBenchmark : IDisposable
{
    private DirtyBitmap _bitmap = null!;
    private GuestMemory _memory = null!;
    private ulong[] _words = [];
    private ulong[] _fill = [];

    [Params(64, 1024)]
    public int GuestGiB { get; set; }

    [Params("empty", "1%", "full")]
    public string Dirty { get; set; } = "empty";

    [GlobalSetup]
    public void Create()
    {
        var bytes = (long)GuestGiB << 30;
        _memory = new GuestMemory([new RamBlockInfo("ram", PageSize, bytes, 0)]);
        _bitmap = new DirtyBitmap(_memory);
        _words = new ulong[_bitmap.WordCount];
        _fill = new ulong[_bitmap.WordCount];
        var random = new Random(1);
        if (Dirty == "full") Array.Fill(_fill, ulong.MaxValue);
        for (var i = 0L; Dirty == "1%" && i < _memory.PageCount / 100; i++)
            _fill[random.NextInt64(_fill.Length)] |= 1UL << random.Next(64);
        var pages = _fill.Sum(word => (long)BitOperations.PopCount(word));
        Fill();
        Answer.Check(pages, BitByBit());
        Answer.Check(pages, ClaimStripes());
        Answer.Check(0, ClaimStripes());
    }

    [IterationSetup]
    public void Fill()
    {
        Array.Copy(_fill, _words, _fill.Length);
        for (var stripe = 0; stripe < _memory.StripeCount; stripe++)
            _bitmap.Or(stripe, _fill.AsSpan(stripe * WordsPerStripe, WordsPerStripe));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _bitmap.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public long BitByBit()
    {
        long pages = 0;
        foreach (ref var word in _words.AsSpan())
        {
            for (var bits = Volatile.Read(ref word); bits != 0; bits &= bits - 1)
            {
                var bit = bits & (~bits + 1);
                if ((Interlocked.And(ref word, ~bit) & bit) != 0) pages++;
            }
        }
        return pages;
    }

    [Benchmark]
    public long ClaimStripes()
    {
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        long pages = 0;
        for (var stripe = 0; stripe < _memory.StripeCount; stripe++)
        {
            if (_bitmap.Claim(stripe, claimed) == 0) continue;
            for (var from = 0; PageMask.NextRun(claimed, from, out var start, out var count); from = start + count) pages += count;
        }
        return pages;
    }
}
