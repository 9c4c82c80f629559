using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Memory;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Sends what is marked in one stripe: the order of its steps is what the migration's correctness rests on. Claim (the bit is
/// cleared), re-protect (from here a write is reported again), only then look at the page and send it.
/// Used by one channel thread.
/// </summary>
internal sealed unsafe class StripeSender(
    GuestMemory memory, DirtyBitmap bitmap, IDirtySource dirty, HoleFinder holes, FrameSender sender, UnacknowledgedRing unacknowledged,
    PageEncoder? encoder)
{
    // 128 MiB of zeros a frame: the destination looks at them while the next are sought here, and acknowledges within seconds even
    // where every page is a slow first touch; the call for 168 bytes is lost in the 13 ms that the scan takes at 10 GB/s.
    private const int MostZeroStripes = 64;

    private RamBlock _block = memory.Blocks[0];
    private ZeroRun _run;
    private int _runStride = 1;
    private StripeWords _inHand;
    private int _inHandStripe = -1;
    private long _wireBytes;
    private long _pages;
    private long _zeroPages;
    private long _frames;
    private long _encodedPages;
    private long _encodedBytes;

    /// <summary>
    /// Claims and sends the marked pages of guest-wide <paramref name="stripe"/>; <paramref name="stride"/> is the distance to the stripe
    /// that will follow in this walk. False when the session is over.
    /// </summary>
    public bool Send(int stripe, int stride, uint pass)
    {
        Span<ulong> claimed = _inHand;
        if (bitmap.Claim(stripe, claimed) == 0) return true;
        _inHandStripe = stripe; // Until they are in the ring, a failure puts these pages back from here.
        dirty.Reprotect(stripe);
        if (stripe < _block.FirstStripe || stripe >= _block.FirstStripe + _block.StripeCount)
            _block = memory.BlockOfStripe(stripe);

        StripeWords zeros = default;
        FindZeros(stripe - _block.FirstStripe, claimed, zeros);
        StripeWords contents = default;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            contents[word] = claimed[word] & ~zeros[word];
        if (stride == _runStride || _run.Count == 0)
        {
            _runStride = stride;
            if (PageMask.IsEmpty(contents) && IsWhole(stripe, claimed)) return Extend(stripe, pass);
        }
        return EndRun(pass) && SendPages(stripe, pass, contents, zeros);
    }

    /// <summary>Sends word of the zero stripes met last.</summary>
    public bool EndRun(uint pass)
    {
        if (_run.Count == 0) return true;
        var block = memory.BlockOfStripe(_run.First);
        if (!unacknowledged.TryAddRun(_run.First, _run.Count, _runStride, FrameHeader.Size)) return false;
        sender.AddZeroStripes(block, _run.First - block.FirstStripe, _run.Count, _runStride, pass);
        Count(0, 0);
        _run = default;
        return true;
    }

    /// <summary>Every stripe that will be met has been sent once: what is marked from now on was written, so it is no hole.</summary>
    public bool SeenAll { get; set; }

    /// <summary>Marks what was claimed and is not in the ring. The thread must have ended.</summary>
    public void PutBack(DirtyBitmap into)
    {
        if (_inHandStripe >= 0) _ = into.Or(_inHandStripe, _inHand);
        Span<ulong> mask = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var i = 0; i < _run.Count; i++)
            ZeroRun.MarkWhole(into, _run.First + (i * _runStride), mask);
    }

    public void AddTo(ref ChannelCounters counters)
    {
        counters.WireBytes += _wireBytes;
        counters.Pages += _pages;
        counters.ZeroPages += _zeroPages;
        counters.Frames += _frames;
        counters.EncodedPages += _encodedPages;
        counters.EncodedBytes += _encodedBytes;
        _wireBytes = _pages = _zeroPages = _frames = _encodedPages = _encodedBytes = 0;
    }

    private void FindZeros(int stripe, ReadOnlySpan<ulong> claimed, Span<ulong> zeros)
    {
        Span<ulong> data = stackalloc ulong[PageGeometry.WordsPerStripe];
        claimed.CopyTo(data);
        if (!SeenAll) LeaveOutHoles(stripe, data);
        var start = GuestMemory.Pages(_block, stripe, 0, _block.PagesInStripe(stripe));
        _ = ZeroPage.Find(start, data, zeros);
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            zeros[word] |= claimed[word] & ~data[word];
    }

    // Reading a hole of a memory file fills it. Asked after the re-protection: a page written since is no hole, or is marked again.
    private void LeaveOutHoles(int stripe, Span<ulong> data)
    {
        Span<ulong> noHole = stackalloc ulong[PageGeometry.WordsPerStripe];
        _ = holes.DataPages(_block, stripe, noHole);
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            data[word] &= noHole[word];
    }

    private bool IsWhole(int stripe, ReadOnlySpan<ulong> claimed)
    {
        Span<ulong> existing = stackalloc ulong[PageGeometry.WordsPerStripe];
        GuestMemory.ExistingPages(_block, stripe - _block.FirstStripe, existing);
        return claimed.SequenceEqual(existing);
    }

    private bool Extend(int stripe, uint pass)
    {
        var sameBlock = _run.Count == 0 || memory.BlockOfStripe(_run.First) == _block;
        if ((!sameBlock || !_run.Continues(stripe, _runStride)) && !EndRun(pass)) return false;
        if (_run.Count == 0) _run.First = stripe;
        _run.Count++;
        _zeroPages += _block.PagesInStripe(stripe - _block.FirstStripe);
        _inHandStripe = -1;
        if (_run.Count < MostZeroStripes) return true;
        if (!EndRun(pass)) return false;
        sender.Flush();
        return true;
    }

    private bool SendPages(int stripe, uint pass, in StripeWords contents, in StripeWords zeros) =>
        encoder is null || PageMask.IsEmpty(contents)
            ? SendRaw(stripe, pass, contents, zeros) : SendInParts(encoder, stripe, pass, contents, zeros);

    private bool SendRaw(int stripe, uint pass, in StripeWords contents, in StripeWords zeros)
    {
        var pages = PageMask.Count(contents);
        var bytes = FrameHeader.Size + sender.PayloadOf(pages);
        if (!unacknowledged.TryAdd(stripe, _inHand, bytes)) return false;
        _inHandStripe = -1;
        sender.AddPages(_block, stripe - _block.FirstStripe, pass, contents, zeros);
        Count(pages, PageMask.Count(zeros));
        return true;
    }

    /// <summary>Pages that are worth encoding travel in frames of their own, up to 64 pages each; word of the zero pages goes with the first.</summary>
    private bool SendInParts(PageEncoder encode, int stripe, uint pass, in StripeWords contents, in StripeWords zeros)
    {
        var withZeros = zeros;
        for (var page = 0; (page = NextPart(contents, page, out var part, out var count)) >= 0; withZeros = default)
        {
            if (encode.NeedsFlush)
            {
                sender.Flush();
                encode.Flushed();
            }
            if (!SendPart(encode, stripe, pass, part, count, withZeros)) return false;
        }
        _inHandStripe = -1;
        return true;
    }

    private bool SendPart(PageEncoder encode, int stripe, uint pass, in StripeWords part, int count, in StripeWords zeros)
    {
        var length = encode.Encode(_block, stripe - _block.FirstStripe, part, count, out var bytes);
        var payload = length > 0 ? length : sender.PayloadOf(count);
        StripeWords both = default;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) both[word] = part[word] | zeros[word];
        if (!unacknowledged.TryAdd(stripe, both, FrameHeader.Size + payload)) return false;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) _inHand[word] &= ~both[word];
        if (length > 0) sender.AddEncoded(_block, stripe - _block.FirstStripe, pass, part, zeros, encode.Encoding, bytes, length);
        else sender.AddPages(_block, stripe - _block.FirstStripe, pass, part, zeros);
        _wireBytes += FrameHeader.Size + payload;
        _pages += count;
        _zeroPages += PageMask.Count(zeros);
        _frames++;
        if (length == 0) return true;
        _encodedPages += count;
        _encodedBytes += length;
        return true;
    }

    /// <summary>The next pages of <paramref name="contents"/> from page <paramref name="from"/>, as many as one encoded frame takes. -1 when none is left.</summary>
    private static int NextPart(in StripeWords contents, int from, out StripeWords part, out int count)
    {
        part = default;
        count = 0;
        while (count < FrameChecks.MaxEncodedPages && PageMask.NextRun(contents, from, out var start, out var run))
        {
            run = Math.Min(run, FrameChecks.MaxEncodedPages - count);
            PageMask.SetRun(part, start, run);
            count += run;
            from = start + run;
        }
        return count == 0 ? -1 : from;
    }

    private void Count(int pages, int zeroPages)
    {
        _wireBytes += FrameHeader.Size + sender.PayloadOf(pages);
        _pages += pages;
        _zeroPages += zeroPages;
        _frames++;
    }
}
