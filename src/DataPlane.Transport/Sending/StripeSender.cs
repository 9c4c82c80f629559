using System.Diagnostics;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Memory;
using DataPlane.Transport.Sending.Compressing;

namespace DataPlane.Transport.Sending;

/// <summary>
/// Sends what is marked in one stripe: the order of its steps is what the migration's correctness rests on. Claim (the bit is
/// cleared), re-protect (from here a write is reported again), only then look whether the page is discarded, and at the page, and send it.
/// Used by one channel thread.
/// </summary>
internal sealed unsafe class StripeSender(
    GuestMemory memory, DirtyBitmap bitmap, IDirtySource dirty, HoleFinder holes, FrameSender sender, UnacknowledgedRing unacknowledged,
    PageEncoder? encoder, CodecChooser? chooser, BatchLine? line, ClearTimes cleared, DiscardedPages discarded)
{
    // 128 MiB of zeros a call: the destination looks at them while the next are sought here, and acknowledges within seconds even
    // where every page is a slow first touch; the call for 168 bytes is lost in the 13 ms that the scan takes at 10 GB/s.
    private const int MostZeroStripes = 64;

    private readonly PartSender? _parts = encoder is null ? null : new PartSender(sender, unacknowledged, encoder, chooser);
    private RamBlock _block = memory.Blocks[0];
    private ZeroRun _run;
    private int _zeroStripesUnsent;
    private StripeWords _inHand;
    private int _inHandStripe = -1;
    private ChannelCounters _counters;

    /// <summary>
    /// Claims and sends the marked pages of guest-wide <paramref name="stripe"/>. False when the session is over.
    /// </summary>
    public bool Send(int stripe, uint pass)
    {
        Span<ulong> claimed = _inHand;
        if (bitmap.Claim(stripe, claimed) == 0) return true;
        _inHandStripe = stripe; // Until they are in the ring, a failure puts these pages back from here.
        dirty.Reprotect(stripe);
        cleared.Note(stripe, Stopwatch.GetTimestamp());
        if (stripe < _block.FirstStripe || stripe >= _block.FirstStripe + _block.StripeCount)
            _block = memory.BlockOfStripe(stripe);

        StripeWords unread = default;
        _counters.DiscardedPages += discarded.TakeOut(_block, stripe, claimed, unread);
        if (PageMask.IsEmpty(claimed))
        {
            _inHandStripe = -1;
            return true;
        }
        StripeWords zeros = default;
        FindZeros(stripe - _block.FirstStripe, claimed, unread, zeros);
        StripeWords contents = default;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            contents[word] = claimed[word] & ~zeros[word];
        if (PageMask.IsEmpty(contents) && IsWhole(stripe, claimed)) return Extend(stripe, pass);
        return EndRun(pass) && SendPages(stripe, pass, contents, zeros);
    }

    /// <summary>Sends word of the zero stripes met last.</summary>
    public bool EndRun(uint pass)
    {
        if (_run.Count == 0) return true;
        var block = memory.BlockOfStripe(_run.First);
        if (line is not null)
        {
            if (!line.SendRun(block, _run, pass)) return false;
            _run = default;
            return true;
        }
        if (!unacknowledged.TryAddRun(_run.First, _run.Count, FrameHeader.Size)) return false;
        sender.AddZeroStripes(block, _run.First - block.FirstStripe, _run.Count, pass);
        _counters.CountFrame(0, 0, 0);
        _run = default;
        return true;
    }

    /// <summary>Sends what has been claimed and not sent yet. Blocks while the socket's buffer is full, and while compressors are at it.</summary>
    public bool Flush(uint pass)
    {
        if (!EndRun(pass) || (line is not null && !line.Drain())) return false;
        _zeroStripesUnsent = 0;
        sender.Flush();
        return true;
    }

    /// <summary>Every stripe that will be met has been sent once: what is marked from now on was written, so it is no hole.</summary>
    public bool SeenAll { get; set; }

    /// <summary>Marks what was claimed and is not in the ring. The thread must have ended.</summary>
    public void PutBack(DirtyBitmap into)
    {
        line?.PutBack(into);
        if (_inHandStripe >= 0) _ = into.Or(_inHandStripe, _inHand);
        Span<ulong> mask = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var i = 0; i < _run.Count; i++)
            ZeroRun.MarkWhole(into, _run.First + i, mask);
    }

    public void AddTo(ref ChannelCounters counters)
    {
        _counters.MoveTo(ref counters);
        line?.AddTo(ref counters);
    }

    private void FindZeros(int stripe, ReadOnlySpan<ulong> claimed, ReadOnlySpan<ulong> unread, Span<ulong> zeros)
    {
        Span<ulong> data = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) data[word] = claimed[word] & ~unread[word];
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
        if ((!sameBlock || !_run.Continues(stripe)) && !EndRun(pass)) return false;
        if (_run.Count == 0) _run.First = stripe;
        _run.Count++;
        _counters.ZeroPages += _block.PagesInStripe(stripe - _block.FirstStripe);
        _inHandStripe = -1;
        if (++_zeroStripesUnsent < MostZeroStripes) return true;
        return Flush(pass);
    }

    private bool SendPages(int stripe, uint pass, in StripeWords contents, in StripeWords zeros)
    {
        if (line is null && (_parts is null || PageMask.IsEmpty(contents))) return SendRaw(stripe, pass, contents, zeros);
        var sent = line?.Send(_block, stripe, pass, contents, zeros, ref _inHand)
            ?? _parts!.Send(_block, stripe, pass, contents, zeros, ref _inHand, ref _counters);
        if (sent) _inHandStripe = -1;
        return sent;
    }

    private bool SendRaw(int stripe, uint pass, in StripeWords contents, in StripeWords zeros)
    {
        var pages = PageMask.Count(contents);
        var bytes = sender.PayloadOf(pages);
        if (!unacknowledged.TryAdd(stripe, _inHand, FrameHeader.Size + bytes)) return false;
        _inHandStripe = -1;
        sender.AddPages(_block, stripe - _block.FirstStripe, pass, contents, zeros);
        _counters.CountFrame(bytes, pages, PageMask.Count(zeros));
        return true;
    }
}
