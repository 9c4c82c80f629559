using System.Diagnostics;
using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;

namespace DataPlane.Transport.Sending.Compressing;

/// <summary>
/// What one channel has claimed and not sent yet, where compressors stand beside it: a line that is served in the order of its claims, so two
/// versions of a page keep their order however long each takes to encode. Every frame of pages stands in it, those that no compressor sees too.
/// Used by the channel's thread; compressors only report.
/// </summary>
/// <remarks>
/// Claimed pages can be put back at every instant: they are in the channel's hand until they stand here, and stand here until they are in the
/// ring of unacknowledged frames. A page for a moment in two places is marked once.
/// </remarks>
internal sealed unsafe class BatchLine(
    CompressorCrew compressors, FrameSender sender, UnacknowledgedRing unacknowledged, CodecChooser? chooser, PageEncoding only)
{
    private readonly PageBatch?[] _batches = new PageBatch?[compressors.BatchesPerChannel];
    private readonly object _gate = new();
    private ChannelCounters _counters;
    private EncodingBackOff _backOff;
    private long _added;   // Counts, not indices: _released <= _sent <= _added, and the first and the last differ by the array's length at most.
    private long _sent;    // In the sender's hands, their bytes in place until it has flushed.
    private long _released;
    private volatile bool _aborted;

    /// <summary>Puts a stripe's pages in line, and sends what has come to its head. False when the session is over.</summary>
    public bool Send(RamBlock block, int stripe, uint pass, in StripeWords contents, in StripeWords zeros, ref StripeWords inHand)
    {
        var withZeros = zeros;
        for (var page = 0; page < PageGeometry.PagesPerStripe; withZeros = default)
        {
            var codec = NextCodec(out var most);
            page = StripeParts.Next(contents, page, most, out var part, out var count);
            if (page < 0)
            {
                if (PageMask.IsEmpty(withZeros)) break;
                page = PageGeometry.PagesPerStripe;
                codec = PageEncoding.None;
            }
            if (!MakeRoom()) return false;
            AddPages(codec, block, stripe, pass, part, count, withZeros);
            for (var word = 0; word < PageGeometry.WordsPerStripe; word++) inHand[word] &= ~(part[word] | withZeros[word]);
        }
        return SendDone();
    }

    /// <summary>Puts word of a run of zero stripes in line.</summary>
    public bool SendRun(RamBlock block, in ZeroRun run, uint pass)
    {
        if (!MakeRoom()) return false;
        var batch = compressors.Rent();
        (batch.Block, batch.Stripe, batch.RunCount, batch.Pass, batch.IsDone) = (block, run.First, run.Count, pass, true);
        Enqueue(batch);
        return SendDone();
    }

    /// <summary>Sends all that stands in line and flushes. Nothing is left here when it returns true.</summary>
    public bool Drain()
    {
        while (_sent < _added)
            if (!WaitForHead() || !SendHead()) return false;
        Flush();
        return true;
    }

    /// <summary>Marks what stands in line. The channel's thread must have ended.</summary>
    public void PutBack(DirtyBitmap into)
    {
        Span<ulong> mask = stackalloc ulong[PageGeometry.WordsPerStripe];
        for (var at = _sent; at < _added; at++)
        {
            var batch = _batches[at % _batches.Length]!;
            for (var i = 0; i < batch.RunCount; i++) ZeroRun.MarkWhole(into, batch.Stripe + i, mask);
            if (batch.RunCount > 0) continue;
            _ = into.Or(batch.Stripe, batch.Pages);
            _ = into.Or(batch.Stripe, batch.Zeros);
        }
    }

    public void AddTo(ref ChannelCounters counters) => _counters.MoveTo(ref counters);

    /// <summary>Lets the channel's thread go if it waits here. From any thread.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>For compressors: the batch is the channel's again.</summary>
    public void Finished(PageBatch batch)
    {
        lock (_gate)
        {
            batch.IsDone = true;
            Monitor.Pulse(_gate); // The channel's thread is the only one that waits.
        }
    }

    private PageEncoding NextCodec(out int most)
    {
        PageEncoding trial = default;
        var tries = chooser is not null && chooser.WantsTrial(out trial);
        var choice = chooser?.Choice ?? only;
        var codec = tries ? trial : choice;
        most = codec == PageEncoding.None ? PageGeometry.PagesPerStripe : choice == PageEncoding.None ? PartSender.TrialPages : FrameChecks.MaxEncodedPages;
        return codec;
    }

    private void AddPages(PageEncoding codec, RamBlock block, int stripe, uint pass, in StripeWords part, int count, in StripeWords zeros)
    {
        var batch = compressors.Rent();
        (batch.Block, batch.Stripe, batch.Pass, batch.Pages, batch.Zeros, batch.Count, batch.Codec) = (block, stripe, pass, part, zeros, count, codec);
        var skips = codec == PageEncoding.None || (codec == (chooser?.Choice ?? only) && _backOff.Skips());
        batch.IsDone = skips;
        if (!skips) PageEncoder.Copy(block, stripe - block.FirstStripe, part, batch.Copied);
        Enqueue(batch);
        if (skips) return;
        batch.Line = this;
        compressors.HandOver(batch);
    }

    private void Enqueue(PageBatch batch)
    {
        _batches[_added % _batches.Length] = batch;
        _added++;
    }

    /// <summary>Makes a place in the line: what was sent is flushed, else the head is waited for.</summary>
    private bool MakeRoom()
    {
        while (_added - _released == _batches.Length)
        {
            if (_released < _sent) Flush();
            else if (!WaitForHead() || !SendHead()) return false;
        }
        return !_aborted;
    }

    private void Flush()
    {
        sender.Flush();
        for (; _released < _sent; _released++)
        {
            compressors.Return(_batches[_released % _batches.Length]!);
            _batches[_released % _batches.Length] = null;
        }
    }

    private bool WaitForHead()
    {
        var head = _batches[_sent % _batches.Length]!;
        if (head.IsDone) return true;
        Flush(); // The link need not wait for what is in hand.
        var start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!head.IsDone && !_aborted) Monitor.Wait(_gate);
        }
        chooser?.Waited(PageEncoder.Nanoseconds(Stopwatch.GetTimestamp() - start));
        return !_aborted;
    }

    private bool SendDone()
    {
        while (_sent < _added && _batches[_sent % _batches.Length]!.IsDone)
            if (!SendHead()) return false;
        return true;
    }

    private bool SendHead()
    {
        var batch = _batches[_sent % _batches.Length]!;
        if (!(batch.RunCount > 0 ? SendRun(batch) : SendPages(batch))) return false;
        _sent++;
        return true;
    }

    private bool SendRun(PageBatch batch)
    {
        if (!unacknowledged.TryAddRun(batch.Stripe, batch.RunCount, FrameHeader.Size)) return false;
        sender.AddZeroStripes(batch.Block!, batch.Stripe - batch.Block!.FirstStripe, batch.RunCount, batch.Pass);
        _counters.CountFrame(0, 0, 0);
        return true;
    }

    private bool SendPages(PageBatch batch)
    {
        var raw = batch.Count << PageGeometry.PageShift;
        var payload = batch.Length > 0 ? batch.Length : sender.PayloadOf(batch.Count);
        Tell(batch, raw, payload);
        StripeWords both = default;
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++) both[word] = batch.Pages[word] | batch.Zeros[word];
        if (!unacknowledged.TryAdd(batch.Stripe, both, FrameHeader.Size + payload)) return false;
        var stripe = batch.Stripe - batch.Block!.FirstStripe;
        if (batch.Length > 0)
            sender.AddEncoded(batch.Block, stripe, batch.Pass, batch.Pages, batch.Zeros, batch.Codec, batch.Encoded, batch.Length);
        else sender.AddPages(batch.Block, stripe, batch.Pass, batch.Pages, batch.Zeros); // As they are now: a later write has marked them again.
        _counters.CountFrame(payload, batch.Count, PageMask.Count(batch.Zeros));
        if (batch.Length > 0) _counters.CountEncoded(batch.Codec, batch.Count, batch.Length);
        return true;
    }

    private void Tell(PageBatch batch, int raw, int payload)
    {
        if (batch.Line is not null && batch.Codec == (chooser?.Choice ?? only)) _backOff.Tried(batch.Length > 0);
        if (chooser is null || raw == 0) return;
        if (batch.Codec == PageEncoding.None) chooser.Raw(raw);
        else chooser.Encoded(batch.Codec, raw, payload, PageEncoder.Nanoseconds(batch.Ticks));
    }
}
