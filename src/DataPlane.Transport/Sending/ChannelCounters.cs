using System.Runtime.InteropServices;
using DataPlane.Core.Codecs;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>
/// What one channel has done. Written by its thread alone, read by anyone; padded to whole cache lines, so that readers and
/// neighbouring channels do not slow the writer down.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct ChannelCounters
{
    /// <summary>Bytes on the wire, headers included.</summary>
    [FieldOffset(0)] public long WireBytes;

    /// <summary>Pages with contents.</summary>
    [FieldOffset(8)] public long Pages;

    /// <summary>Pages known to be zero.</summary>
    [FieldOffset(16)] public long ZeroPages;

    /// <summary>Frames of every kind.</summary>
    [FieldOffset(24)] public long Frames;

    /// <summary>Timestamp ticks inside socket calls.</summary>
    [FieldOffset(32)] public long BlockedTicks;

    /// <summary>Timestamp ticks with work at hand, socket calls included.</summary>
    [FieldOffset(40)] public long BusyTicks;

    /// <summary>Managed bytes this channel's thread has allocated since its first order.</summary>
    [FieldOffset(48)] public long AllocatedBytes;

    /// <summary>Pages among <see cref="Pages"/> that were sent encoded.</summary>
    [FieldOffset(64)] public long EncodedPages;

    /// <summary>Bytes that those took.</summary>
    [FieldOffset(72)] public long EncodedBytes;

    /// <summary>Timestamp ticks spent waiting with nothing to send.</summary>
    [FieldOffset(112)] public long IdleTicks;

    /// <summary>Socket calls.</summary>
    [FieldOffset(56)] public long Calls;

    /// <summary>Frames with encoded pages.</summary>
    [FieldOffset(80)] public long EncodedFrames;

    /// <summary>Those of <see cref="EncodedFrames"/> that are Zstandard's; the others are LZ4's.</summary>
    [FieldOffset(88)] public long ZstdFrames;

    /// <summary>Pages in those.</summary>
    [FieldOffset(96)] public long ZstdPages;

    /// <summary>Bytes that those pages took.</summary>
    [FieldOffset(104)] public long ZstdBytes;

    /// <summary>Frames with pages as they are.</summary>
    [FieldOffset(120)] public long RawFrames;

    /// <summary>Pages that were left out, since the host has discarded them.</summary>
    [FieldOffset(128)] public long DiscardedPages;

    /// <summary>Counts one frame with <paramref name="payload"/> bytes behind its header.</summary>
    public void CountFrame(long payload, int pages, int zeroPages)
    {
        WireBytes += FrameHeader.Size + payload;
        Pages += pages;
        ZeroPages += zeroPages;
        Frames++;
        if (pages > 0) RawFrames++;
    }

    /// <summary>Counts in addition that the pages of the frame counted last were encoded.</summary>
    public void CountEncoded(PageEncoding encoding, int pages, int bytes)
    {
        RawFrames--;
        EncodedFrames++;
        EncodedPages += pages;
        EncodedBytes += bytes;
        if (encoding != PageEncoding.Zstd) return;
        ZstdFrames++;
        ZstdPages += pages;
        ZstdBytes += bytes;
    }

    /// <summary>Moves what is counted here (but for times and calls) to <paramref name="totals"/>.</summary>
    public void MoveTo(ref ChannelCounters totals)
    {
        totals.WireBytes += WireBytes;
        totals.Pages += Pages;
        totals.ZeroPages += ZeroPages;
        totals.Frames += Frames;
        totals.EncodedPages += EncodedPages;
        totals.EncodedBytes += EncodedBytes;
        totals.EncodedFrames += EncodedFrames;
        totals.ZstdFrames += ZstdFrames;
        totals.ZstdPages += ZstdPages;
        totals.ZstdBytes += ZstdBytes;
        totals.RawFrames += RawFrames;
        totals.DiscardedPages += DiscardedPages;
        this = default;
    }
}
