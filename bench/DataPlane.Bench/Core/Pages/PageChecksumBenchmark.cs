using System.Numerics;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using DataPlane.Core.Pages;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Core.Pages;

/// <summary>The sums of the 512 pages of a stripe; the baseline is CRC32C in one chain, bound by the instruction's latency.</summary>
public unsafe class PageChecksumBenchmark
{
    private byte* _stripe;

    [GlobalSetup]
    public void Fill()
    {
        _stripe = (byte*)NativeMemory.AlignedAlloc(StripeSize, StripeSize);
        new Random(1).NextBytes(new Span<byte>(_stripe, StripeSize));
        uint even = 0, odd = uint.MaxValue;
        for (var word = 0; word < PageSize / sizeof(ulong); word += 2)
        {
            even = BitOperations.Crc32C(even, ((ulong*)_stripe)[word]);
            odd = BitOperations.Crc32C(odd, ((ulong*)_stripe)[word + 1]);
        }
        Answer.Check(((ulong)odd << 32) | even, PageChecksum.Of(_stripe));
    }

    [GlobalCleanup]
    public void Free() => NativeMemory.AlignedFree(_stripe);

    [Benchmark(Baseline = true)]
    public ulong OneChain()
    {
        ulong all = 0;
        for (var page = 0; page < PagesPerStripe; page++)
        {
            var words = (ulong*)(_stripe + (page * PageSize));
            uint sum = 0;
            for (var i = 0; i < PageSize / sizeof(ulong); i++) sum = BitOperations.Crc32C(sum, words[i]);
            all ^= sum;
        }
        return all;
    }

    [Benchmark]
    public ulong TwoChains()
    {
        ulong all = 0;
        for (var page = 0; page < PagesPerStripe; page++) all ^= PageChecksum.Of(_stripe + (page * PageSize));
        return all;
    }
}
