using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Sends a stripe's pages where they may be encoded: those that are in frames of their own, up to 64 pages each, word of the zero pages with
/// the first. Used by one channel thread; owns nothing.
/// </summary>
internal sealed unsafe class PartSender(FrameSender sender, UnacknowledgedRing unacknowledged, PageEncoder encoder, CodecChooser? chooser)
{
    // 64 KiB: what a codec gains on as much is within 2 % of what it gains on a whole frame's pages.
    public const int TrialPages = 16;

    /// <summary>
    /// Sends <paramref name="contents"/> and word of <paramref name="zeros"/>; what is in the ring leaves <paramref name="inHand"/>. False when the session is over.
    /// </summary>
    public bool Send(
        RamBlock block, int stripe, uint pass, in StripeWords contents, in StripeWords zeros, ref StripeWords inHand, ref ChannelCounters counters)
    {
        var page = 0;
        var withZeros = zeros;
        while (page < PageGeometry.PagesPerStripe)
        {
            PageEncoding trial = default;
            var tries = chooser is not null && chooser.WantsTrial(out trial);
            var codec = tries ? trial : encoder.Choice;
            var most = codec == PageEncoding.None ? PageGeometry.PagesPerStripe
                : encoder.Choice == PageEncoding.None ? TrialPages : FrameChecks.MaxEncodedPages;
            page = StripeParts.Next(contents, page, most, out var part, out var count);
            if (page < 0) break;
            if (!SendPart(codec, block, stripe, pass, part, count, withZeros, ref inHand, ref counters)) return false;
            withZeros = default;
        }
        return true;
    }

    private bool SendPart(
        PageEncoding codec, RamBlock block, int stripe, uint pass, in StripeWords part, int count, in StripeWords zeros, ref StripeWords inHand,
        ref ChannelCounters counters)
    {
        byte* bytes = null;
        var length = 0;
        if (codec != PageEncoding.None)
        {
            if (encoder.NeedsFlush)
            {
                sender.Flush();
                encoder.Flushed();
            }
            length = encoder.Encode(codec, block, stripe - block.FirstStripe, part, count, out bytes);
        }
        else
        {
            chooser?.Raw(count << PageGeometry.PageShift);
        }
        StripeWords both = default;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) both[word] = part[word] | zeros[word];
        var payload = length > 0 ? length : sender.PayloadOf(count);
        if (!unacknowledged.TryAdd(stripe, both, FrameHeader.Size + payload)) return false;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) inHand[word] &= ~both[word];
        if (length > 0) sender.AddEncoded(block, stripe - block.FirstStripe, pass, part, zeros, codec, bytes, length);
        else sender.AddPages(block, stripe - block.FirstStripe, pass, part, zeros);
        counters.CountFrame(payload, count, PageMask.Count(zeros));
        if (length > 0) counters.CountEncoded(codec, count, length);
        return true;
    }
}
