using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Encodes pages for one channel: copies them out of guest memory first, since a page that is written while a compressor reads it can
/// come out as garbage, and keeps the results in an arena until they are sent. Owns its buffers and the codec.
/// </summary>
/// <param name="codec">What encodes.</param>
/// <param name="pageSums">Whether the checksum of each page, of the copy that is encoded, stands before the result.</param>
internal sealed unsafe class PageEncoder(IPageCodec codec, bool pageSums = false) : IDisposable
{
    private const int BlockBytes = FrameChecks.MaxEncodedPages * PageGeometry.PageSize;

    // Four blocks that hardly shrink, and some sixteen that do, share one call to the socket.
    private const int ArenaBytes = 4 * BlockBytes;

    // A gain below a sixteenth does not pay for the decoder on the other side.
    private const int LeastGain = 16;

    // Data that does not shrink mostly lies together: after each failure twice as many blocks go unencoded, up to 63 (16 MiB).
    private const int MostSkipped = 63;

    private readonly byte* _copy = (byte*)NativeMemory.AlignedAlloc(BlockBytes, 64);
    private readonly byte* _arena = (byte*)NativeMemory.AlignedAlloc(ArenaBytes, 64);
    private int _used;
    private int _skip;
    private int _skipNext;

    public PageEncoding Encoding => codec.Encoding;

    /// <summary>Whether what is in the arena must be sent before the next block.</summary>
    public bool NeedsFlush => ArenaBytes - _used < BlockBytes;

    /// <summary>All that was encoded has been sent.</summary>
    public void Flushed() => _used = 0;

    /// <summary>
    /// Encodes the <paramref name="count"/> pages of <paramref name="pages"/>. Returns how many bytes lie at <paramref name="bytes"/>, or 0
    /// where the pages are better sent as they are.
    /// </summary>
    public int Encode(RamBlock block, int stripe, in StripeWords pages, int count, out byte* bytes)
    {
        bytes = _arena + _used;
        if (_skip > 0)
        {
            _skip--;
            return 0;
        }
        var to = _copy;
        for (var page = 0; PageMask.NextRun(pages, page, out var start, out var run); page = start + run)
        {
            var length = (long)run << PageGeometry.PageShift;
            Buffer.MemoryCopy(GuestMemory.Pages(block, stripe, start, run), to, length, length);
            to += length;
        }
        var raw = count << PageGeometry.PageShift;
        var sums = pageSums ? count * FrameHeader.SumSize : 0;
        var encoded = codec.TryEncode(new ReadOnlySpan<byte>(_copy, raw), new Span<byte>(bytes + sums, raw - (raw / LeastGain)));
        _skipNext = encoded > 0 ? 0 : Math.Min((_skipNext * 2) + 1, MostSkipped);
        _skip = _skipNext;
        if (encoded == 0) return 0;
        if (pageSums) PageCrc.OfRow(_copy, count, (uint*)bytes);
        _used += sums + encoded;
        return sums + encoded;
    }

    public void Dispose()
    {
        codec.Dispose();
        NativeMemory.AlignedFree(_copy);
        NativeMemory.AlignedFree(_arena);
    }
}
