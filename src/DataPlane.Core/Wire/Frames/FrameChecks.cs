using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Wire.Frames;

/// <summary>
/// The one place where a header from the wire is judged, before any of its numbers is used as a length, an index or an address.
/// Pure and free of allocation; immutable, so every channel thread shares one.
/// </summary>
/// <param name="memory">The memory both sides agreed on.</param>
/// <param name="sectionSizes">Declared bytes of each device section.</param>
/// <param name="encodings">The encodings agreed on for pages, beside none.</param>
/// <param name="pageSums">Whether a checksum of each page travels before the pages.</param>
internal sealed class FrameChecks(
    GuestMemory memory, long[] sectionSizes, PageEncodingSet encodings = default, bool pageSums = false)
{
    /// <summary>
    /// Most pages of an encoded frame: 256 KiB. Larger blocks gain little (beyond 64 KiB under 2 %, measured), and both ends hold two
    /// buffers of this size per channel.
    /// </summary>
    public const int MaxEncodedPages = 64;

    /// <summary>Most bytes of device state in one frame.</summary>
    public const int MaxStatePayload = 1 << 20;

    /// <summary>Judges <paramref name="header"/>, which must be number <paramref name="sequence"/> of its channel.</summary>
    public FrameFault Find(in FrameHeader header, ulong sequence)
    {
        if (header.Magic != FrameHeader.MagicValue) return FrameFault.BadMagic;
        if (header.Checksum != header.ComputeChecksum()) return FrameFault.BadChecksum;
        if (header.Sequence != sequence) return FrameFault.OutOfSequence;
        if (header.Encoding != 0 && (header.Kind != FrameKind.Pages || !encodings.Contains((PageEncoding)header.Encoding))) return FrameFault.UnknownEncoding;
        if (header.Reserved != 0) return FrameFault.ReservedNotZero;
        return header.Kind switch
        {
            FrameKind.Pages => FindInPages(header),
            FrameKind.ZeroStripes => FindInZeroStripes(header),
            FrameKind.DeviceState => FindInDeviceState(header),
            FrameKind.Fence => header.PayloadLength == 0 ? FrameFault.None : FrameFault.BadPayloadLength,
            _ => FrameFault.UnknownKind,
        };
    }

    private FrameFault FindInPages(in FrameHeader header)
    {
        if (header.Block >= memory.Blocks.Count) return FrameFault.NoSuchBlock;
        var block = memory.Blocks[header.Block];
        if (header.Index >= (uint)block.StripeCount) return FrameFault.NoSuchStripe;
        Span<ulong> existing = stackalloc ulong[WordsPerStripe];
        GuestMemory.ExistingPages(block, (int)header.Index, existing);
        ulong any = 0;
        for (var word = 0; word < WordsPerStripe; word++)
        {
            if (((header.PageMap[word] | header.ZeroMap[word]) & ~existing[word]) != 0) return FrameFault.NoSuchPage;
            if ((header.PageMap[word] & header.ZeroMap[word]) != 0) return FrameFault.PageBothZeroAndSent;
            any |= header.PageMap[word] | header.ZeroMap[word];
        }
        if (any == 0) return FrameFault.NothingInIt;
        var pages = PageMask.Count(header.PageMap);
        var sums = pageSums ? (uint)(pages * FrameHeader.SumSize) : 0;
        var raw = ((uint)pages << PageShift) + sums;
        var fits = header.Encoding == 0
            ? header.PayloadLength == raw
            : pages is > 0 and <= MaxEncodedPages && header.PayloadLength > sums && header.PayloadLength <= raw;
        return fits ? FrameFault.None : FrameFault.BadPayloadLength;
    }

    private FrameFault FindInZeroStripes(in FrameHeader header)
    {
        if (header.Block >= memory.Blocks.Count) return FrameFault.NoSuchBlock;
        var stripes = (ulong)memory.Blocks[header.Block].StripeCount;
        if (header.Index >= stripes) return FrameFault.NoSuchStripe;
        if (header.RunCount == 0 || header.RunStride == 0) return FrameFault.BadStripeRun;
        if (header.Index + ((ulong)(header.RunCount - 1) * header.RunStride) >= stripes) return FrameFault.BadStripeRun;
        return header.PayloadLength == 0 ? FrameFault.None : FrameFault.BadPayloadLength;
    }

    private FrameFault FindInDeviceState(in FrameHeader header)
    {
        if (header.Index >= (uint)sectionSizes.Length) return FrameFault.NoSuchSection;
        if (header.PayloadLength is 0 or > MaxStatePayload) return FrameFault.BadPayloadLength;
        var total = header.StateTotal;
        if (total > (ulong)sectionSizes[header.Index]) return FrameFault.BadStateRange;
        return header.StateOffset <= total && header.PayloadLength <= total - header.StateOffset
            ? FrameFault.None : FrameFault.BadStateRange;
    }
}
