using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using DataPlane.Core.Pages;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Core.Pages;

/// <summary>One stripe of 512 pages; the baseline is the search that .NET brings. Cached: what memory adds is the stream benchmark's matter.</summary>
public unsafe class ZeroScanBenchmark
{
    private byte* _stripe;

    /// <summary>All zero; random, settled by the first word; or only the last byte of each page set, the dearest page with data.</summary>
    [Params("zero", "random", "last-byte")]
    public string Content { get; set; } = "zero";

    [GlobalSetup]
    public void Fill()
    {
        _stripe = (byte*)NativeMemory.AlignedAlloc(StripeSize, StripeSize);
        var bytes = new Span<byte>(_stripe, StripeSize);
        bytes.Clear();
        if (Content == "random") new Random(1).NextBytes(bytes);
        for (var page = 0; Content != "zero" && page < PagesPerStripe; page++) bytes[((page + 1) * PageSize) - 1] = 1;
        var zeros = Content == "zero" ? PagesPerStripe : 0;
        Answer.Check(zeros, IndexOfAnyExcept());
        Answer.Check(zeros, Chosen());
        Answer.Check(zeros, Vector512());
        Answer.Check(zeros, Vector256());
        Answer.Check(zeros, Scalar());
    }

    [GlobalCleanup]
    public void Free() => NativeMemory.AlignedFree(_stripe);

    [Benchmark(Baseline = true)]
    public int IndexOfAnyExcept()
    {
        var zeros = 0;
        for (var page = 0; page < PagesPerStripe; page++)
            if (!new ReadOnlySpan<ulong>(_stripe + (page * PageSize), PageSize / sizeof(ulong)).ContainsAnyExcept(0UL)) zeros++;
        return zeros;
    }

    [Benchmark]
    public int Chosen()
    {
        Span<ulong> claimed = stackalloc ulong[WordsPerStripe];
        Span<ulong> zero = stackalloc ulong[WordsPerStripe];
        claimed.Fill(ulong.MaxValue);
        return ZeroPage.Find(_stripe, claimed, zero);
    }

    [Benchmark]
    public int Vector512()
    {
        var zeros = 0;
        for (var page = 0; page < PagesPerStripe; page++)
            if (ZeroPage.IsZero512(_stripe + (page * PageSize))) zeros++;
        return zeros;
    }

    [Benchmark]
    public int Vector256()
    {
        var zeros = 0;
        for (var page = 0; page < PagesPerStripe; page++)
            if (ZeroPage.IsZero256(_stripe + (page * PageSize))) zeros++;
        return zeros;
    }

    [Benchmark]
    public int Scalar()
    {
        var zeros = 0;
        for (var page = 0; page < PagesPerStripe; page++)
            if (ZeroPage.IsZeroScalar(_stripe + (page * PageSize))) zeros++;
        return zeros;
    }
}
