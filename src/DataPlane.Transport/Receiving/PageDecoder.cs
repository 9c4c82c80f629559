using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;
using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Receiving;

/// <summary>
/// Takes in the payload of encoded pages for one channel and decodes it to where the pages belong. A payload is judged by its checksum
/// before a decoder sees it. The buffers belong to this channel of this session alone, so that nothing of another guest can show
/// through. Owns them and the codecs.
/// </summary>
internal sealed unsafe class PageDecoder(PageCodecSet codecs) : IDisposable
{
    private const int BlockBytes = FrameChecks.MaxEncodedPages * PageGeometry.PageSize;

    private byte* _payload = (byte*)NativeMemory.AlignedAlloc(BlockBytes, 64);
    private byte* _pages = (byte*)NativeMemory.AlignedAlloc(BlockBytes, 64);
    private IoVector* _runs = (IoVector*)NativeMemory.AlignedAlloc((nuint)(FrameChecks.MaxEncodedPages * sizeof(IoVector)), 64);

    /// <summary>Where an encoded block of <paramref name="length"/> bytes is received; <see cref="FrameChecks"/> has judged the length.</summary>
    public IoVector Payload(int length) => new() { Base = _payload, Length = (nuint)length };

    /// <summary>Decodes the block into guest memory. False when it is damaged: then nothing of the session counts any more.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="length">Bytes of the block.</param>
    /// <param name="crc">The uncomplemented CRC32C of what stands before the block in the payload.</param>
    /// <param name="block">The RAM block of the pages.</param>
    /// <param name="placer">Where they go.</param>
    public bool TryPlace(in FrameHeader header, int length, uint crc, RamBlock block, PagePlacer placer)
    {
        var payload = new ReadOnlySpan<byte>(_payload, length);
        if (~Crc32c.Continue(crc, payload) != header.PayloadChecksum) return false;
        var codec = codecs[(PageEncoding)header.Encoding]; // The checks let no other through than what was agreed on.
        var bytes = PageMask.Count(header.PageMap) << PageGeometry.PageShift;
        var runs = placer.Place(block, (int)header.Index, header.PageMap, _runs, written: true);
        if (runs == 1) return codec.TryDecodeExact(payload, new Span<byte>(_runs[0].Base, bytes));
        if (!codec.TryDecodeExact(payload, new Span<byte>(_pages, bytes))) return false;
        var from = _pages;
        for (var run = 0; run < runs; run++)
        {
            Buffer.MemoryCopy(from, _runs[run].Base, (long)_runs[run].Length, (long)_runs[run].Length);
            from += _runs[run].Length;
        }
        return true;
    }

    public void Dispose()
    {
        codecs.Dispose();
        NativeMemory.AlignedFree(_payload);
        NativeMemory.AlignedFree(_pages);
        NativeMemory.AlignedFree(_runs);
        _payload = _pages = null; // Disposing twice is allowed.
        _runs = null;
    }
}
