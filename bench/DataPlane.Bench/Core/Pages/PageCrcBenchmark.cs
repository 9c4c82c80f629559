using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Bench.Core.Pages;

/// <summary>The CRC32C of 512 pages, those of one stripe or spread over 64 MiB: what `--integrity pages` costs each side before and beside the copies.</summary>
public unsafe class PageCrcBenchmark
{
    private const int Stripes = 32;
    private RamBlock _block = null!;
    private byte* _memory;
    private uint* _sums;
    private ulong[] _pages = [];
    private int _stripe;

    /// <summary>How many pages lie side by side: 1 is every other page of the stripe.</summary>
    [Params(1, 512)]
    public int Run { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(Stripes * StripeSize, StripeSize);
        new Random(1).NextBytes(new Span<byte>(_memory, Stripes * StripeSize));
        _block = new GuestMemory([new RamBlockInfo("ram", (nint)_memory, Stripes * StripeSize, 0)]).Blocks[0];
        _sums = (uint*)NativeMemory.AlignedAlloc(PagesPerStripe * sizeof(uint), 64);
        _pages = [.. Enumerable.Repeat(Run == 1 ? 0x5555_5555_5555_5555 : ulong.MaxValue, WordsPerStripe)];
        PageCrc.OfStripe(_block, 0, _pages, _sums);
        Answer.Check(Crc32c.Of(new ReadOnlySpan<byte>(_memory, PageSize)), _sums[0]);
        Answer.Check(Crc32c.Of(new ReadOnlySpan<byte>(_memory + (2 * PageSize), PageSize)), _sums[Run == 1 ? 1 : 2]);
    }

    [GlobalCleanup]
    public void Free()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_sums);
    }

    [Benchmark(Baseline = true)]
    public uint PageByPage()
    {
        uint all = 0;
        for (var page = 0; PageMask.NextRun(_pages, page, out var start, out var count); page = start + count)
            for (var i = start; i < start + count; i++) all ^= PageCrc.Of(GuestMemory.Pages(_block, 0, i, 1));
        return all;
    }

    [Benchmark]
    public uint FourAtATime()
    {
        PageCrc.OfStripe(_block, 0, _pages, _sums);
        return *_sums;
    }

    /// <summary>As sent: the stripe's pages come from main memory, not from a cache.</summary>
    [Benchmark]
    public uint FourAtATimeOverAllStripes()
    {
        _stripe = (_stripe + 1) % Stripes;
        PageCrc.OfStripe(_block, _stripe, _pages, _sums);
        return *_sums;
    }
}
