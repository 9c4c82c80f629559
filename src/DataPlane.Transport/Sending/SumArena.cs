using System.Runtime.InteropServices;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>Where the checksums of pages lie until the call that sends them and the pages. Used by one thread; owns its memory.</summary>
internal sealed unsafe class SumArena : IDisposable
{
    // One call takes fewer than 512 KiB in whole pages and then one more frame: 127 + 512 pages. Twice that, and Next flushes before it is full.
    private const int Capacity = 1280;

    private readonly uint* _sums = (uint*)NativeMemory.AlignedAlloc(Capacity * FrameHeader.SumSize, 64);
    private int _used;

    /// <summary>Whether the sums of a whole stripe still fit.</summary>
    public bool HasRoom => Capacity - _used >= PageGeometry.PagesPerStripe;

    /// <summary>Sums the <paramref name="count"/> pages of <paramref name="pages"/> as they are now. The sums stay until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<uint> Add(RamBlock block, int stripe, in StripeWords pages, int count)
    {
        var sums = _sums + _used;
        _used += count;
        PageCrc.OfStripe(block, stripe, pages, sums);
        return new ReadOnlySpan<uint>(sums, count);
    }

    /// <summary>All sums have been sent.</summary>
    public void Clear() => _used = 0;

    public void Dispose() => NativeMemory.AlignedFree(_sums);
}
