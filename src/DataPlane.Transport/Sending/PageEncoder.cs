using System.Diagnostics;
using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Encodes pages for one channel: copies them out of guest memory first, since a page that is written while a compressor reads it can
/// come out as garbage, and keeps the results in an arena until they are sent. Owns its buffers and the codecs.
/// </summary>
/// <param name="codecs">What may be used.</param>
/// <param name="chooser">Says which; null where there is one codec, which is used throughout.</param>
/// <param name="pageSums">Whether the checksum of each page, of the copy that is encoded, stands before the result.</param>
internal sealed unsafe class PageEncoder(PageCodecSet codecs, CodecChooser? chooser, bool pageSums = false) : IDisposable
{
    public const int BlockBytes = FrameChecks.MaxEncodedPages * PageGeometry.PageSize;

    // A gain below a sixteenth does not pay for the decoder on the other side.
    private const int LeastGain = 16;

    // Four blocks that hardly shrink, and some sixteen that do, share one call to the socket.
    private const int ArenaBytes = 4 * BlockBytes;

    private byte* _copy = (byte*)NativeMemory.AlignedAlloc(BlockBytes, 64);
    private byte* _arena = (byte*)NativeMemory.AlignedAlloc(ArenaBytes, 64);
    private readonly PageEncoding _only = codecs.Encodings.Members.FirstOrDefault();
    private EncodingBackOff _backOff;
    private int _used;

    /// <summary>Whether what is in the arena must be sent before the next block.</summary>
    public bool NeedsFlush => ArenaBytes - _used < BlockBytes;

    /// <summary>How pages are to be written now.</summary>
    public PageEncoding Choice => chooser?.Choice ?? _only;

    /// <summary>All that was encoded has been sent.</summary>
    public void Flushed() => _used = 0;

    /// <summary>
    /// Encodes the <paramref name="count"/> pages of <paramref name="pages"/> by <paramref name="codec"/>. Returns how many bytes lie at
    /// <paramref name="bytes"/>, or 0 where the pages are better sent as they are.
    /// </summary>
    public int Encode(PageEncoding codec, RamBlock block, int stripe, in StripeWords pages, int count, out byte* bytes)
    {
        bytes = _arena + _used;
        var raw = count << PageGeometry.PageShift;
        var planned = codec == Choice;
        if (planned && _backOff.Skips())
        {
            chooser?.Encoded(codec, raw, raw, 0);
            return 0;
        }
        var start = chooser is null ? 0 : Stopwatch.GetTimestamp();
        Copy(block, stripe, pages, _copy);
        var encoded = Encode(codecs[codec], _copy, count, bytes, pageSums);
        chooser?.Encoded(codec, raw, encoded > 0 ? encoded : raw, Nanoseconds(Stopwatch.GetTimestamp() - start));
        if (planned) _backOff.Tried(encoded > 0);
        _used += encoded;
        return encoded;
    }

    /// <summary>Copies <paramref name="pages"/> out of guest memory, one behind the other.</summary>
    public static void Copy(RamBlock block, int stripe, in StripeWords pages, byte* to)
    {
        for (var page = 0; PageMask.NextRun(pages, page, out var start, out var run); page = start + run)
        {
            var length = (long)run << PageGeometry.PageShift;
            Buffer.MemoryCopy(GuestMemory.Pages(block, stripe, start, run), to, length, length);
            to += length;
        }
    }

    /// <summary>
    /// Encodes the <paramref name="count"/> pages at <paramref name="from"/>, which must stand still, their checksums first where
    /// <paramref name="pageSums"/>; there is room for that in what must be gained. 0 where that is too little.
    /// </summary>
    public static int Encode(IPageCodec codec, byte* from, int count, byte* to, bool pageSums)
    {
        var raw = count << PageGeometry.PageShift;
        var sums = pageSums ? count * FrameHeader.SumSize : 0;
        var encoded = codec.TryEncode(new ReadOnlySpan<byte>(from, raw), new Span<byte>(to + sums, raw - (raw / LeastGain)));
        if (encoded == 0) return 0;
        if (pageSums) PageCrc.OfRow(from, count, (uint*)to);
        return sums + encoded;
    }

    /// <summary>Timestamp ticks as the chooser wants them.</summary>
    public static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));

    public void Dispose()
    {
        codecs.Dispose();
        NativeMemory.AlignedFree(_copy);
        NativeMemory.AlignedFree(_arena);
        _copy = _arena = null; // Disposing twice is allowed.
    }
}
