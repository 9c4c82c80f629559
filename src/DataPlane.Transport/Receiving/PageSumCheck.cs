using System.Runtime.InteropServices;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Receiving;

/// <summary>
/// Takes in the checksums that stand before the pages of a frame, and compares the pages in guest memory with them. Used by one channel
/// thread; owns its buffers.
/// </summary>
/// <param name="suspects">What the comparison found, shared by all channels.</param>
internal sealed unsafe class PageSumCheck(SuspectPages suspects) : IDisposable
{
    private const int BufferBytes = PageGeometry.PagesPerStripe * FrameHeader.SumSize;

    private readonly uint* _announced = (uint*)NativeMemory.AlignedAlloc(BufferBytes, 64);
    private readonly uint* _own = (uint*)NativeMemory.AlignedAlloc(BufferBytes, 64);

    /// <summary>Where the sums of <paramref name="header"/> are received.</summary>
    public IoVector Piece(in FrameHeader header) => new() { Base = (byte*)_announced, Length = (nuint)SumBytes(header) };

    /// <summary>The uncomplemented CRC32C of the sums received last: what a payload's checksum goes on from.</summary>
    public uint SumsOf(in FrameHeader header) => Crc32c.Continue(uint.MaxValue, new ReadOnlySpan<byte>(_announced, SumBytes(header)));

    /// <summary>Bytes of the sums of <paramref name="header"/>.</summary>
    public static int SumBytes(in FrameHeader header) => PageMask.Count(header.PageMap) * FrameHeader.SumSize;

    /// <summary>Compares the pages of <paramref name="header"/>, which are placed.</summary>
    public void Judge(in FrameHeader header, RamBlock block)
    {
        var stripe = (int)header.Index;
        PageCrc.OfStripe(block, stripe, header.PageMap, _own);
        var sums = PageMask.Count(header.PageMap);
        StripeWords good = header.ZeroMap;
        if (new ReadOnlySpan<uint>(_own, sums).SequenceEqual(new ReadOnlySpan<uint>(_announced, sums)))
        {
            for (var word = 0; word < PageGeometry.WordsPerStripe; word++) good[word] |= header.PageMap[word];
        }
        else
        {
            Suspect(header, block, ref good);
        }
        suspects.Clear(block, stripe, good);
    }

    /// <summary>All of <paramref name="pages"/> are zero now, by word of the source.</summary>
    public void Zeroed(RamBlock block, int stripe, ReadOnlySpan<ulong> pages) => suspects.Clear(block, stripe, pages);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_announced);
        NativeMemory.AlignedFree(_own);
    }

    private void Suspect(in FrameHeader header, RamBlock block, ref StripeWords good)
    {
        StripeWords bad = default;
        var sum = 0;
        for (var page = 0; PageMask.NextRun(header.PageMap, page, out var start, out _); page = start + 1, sum++)
        {
            var bit = 1UL << (start & 63);
            if (_own[sum] == _announced[sum]) good[start >> 6] |= bit;
            else bad[start >> 6] |= bit;
        }
        suspects.Suspect(block, (int)header.Index, bad);
    }
}
