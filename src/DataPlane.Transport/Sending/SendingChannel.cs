using System.Diagnostics;
using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Sending.Compressing;

namespace DataPlane.Transport.Sending;

/// <summary>
/// One channel of the source, run to completion on its thread: claim a stripe, re-protect it, tell zero pages from others, send.
/// Nothing is handed to another thread on the way, and nothing is allocated per frame.
/// </summary>
internal sealed class SendingChannel : IDisposable
{
    private readonly ChannelCrew _crew;
    private readonly int _channels;
    private readonly GuestMemory _memory;
    private readonly DirtyBitmap _bitmap;
    private readonly IDataConnection _socket;
    private readonly FrameSender _sender;
    private readonly StripeSender _stripes;
    private readonly PageEncoder? _encoder;
    private readonly CodecChooser? _chooser;
    private readonly BatchLine? _line;
    private ChannelCounters _counters;
    private readonly StripeWalk _walk;
    private long _allocatedAtStart;
    private long _busySince;
    private long _blockedBefore;
    private bool _hasBeenRound;

    public SendingChannel(
        ChannelCrew crew, int number, int channels, GuestMemory memory, DirtyBitmap bitmap, IDirtySource dirty, HoleFinder holes,
        IDataConnection socket, PageEncoder? encoder, CodecChooser? chooser, CompressorCrew? compressors, PageEncoding only, bool pageSums)
    {
        _crew = crew;
        Number = number;
        _channels = channels;
        _walk = new StripeWalk(crew.Lots, number);
        _memory = memory;
        _bitmap = bitmap;
        _socket = socket;
        _sender = new FrameSender(socket, Unacknowledged, crew.Cap, pageSums);
        _encoder = encoder;
        _chooser = chooser;
        _line = compressors is null ? null : new BatchLine(compressors, _sender, Unacknowledged, chooser, only);
        _stripes = new StripeSender(memory, bitmap, dirty, holes, _sender, Unacknowledged, encoder, chooser, _line, crew.Cleared, crew.Discarded);
    }

    public int Number { get; }

    /// <summary>The frames on their way.</summary>
    public UnacknowledgedRing Unacknowledged { get; } = new();

    public ref readonly ChannelCounters Counters => ref _counters;

    /// <summary>What chooses the codec; null where it does not change. Read when the thread has ended.</summary>
    public CodecChooser? Chooser => _chooser;

    /// <summary>TCP segments sent again; null on other sockets.</summary>
    public long? Retransmits => _socket.ReadStatus()?.Retransmits;

    /// <summary>What the kernel tells of the connection; null where it is no TCP connection. From any thread.</summary>
    public TcpStatus? Status => _socket.ReadStatus();

    /// <summary>The thread's body: orders until one says quit, or the crew is aborted.</summary>
    public void Run()
    {
        ChannelOrder? order = null;
        while ((order = _crew.WaitForOrder(order)) is not null && order.Kind != OrderKind.Quit)
        {
            if (_allocatedAtStart == 0) _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
            _busySince = Stopwatch.GetTimestamp();
            if (!CarryOut(order)) return;
            Publish();
            order.Report();
        }
        order?.Report();
    }

    public void Abort()
    {
        Unacknowledged.Abort();
        _line?.Abort();
        _socket.Abort();
    }

    public void PutBack(DirtyBitmap bitmap)
    {
        _stripes.PutBack(bitmap);
        Unacknowledged.PutBack(bitmap);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _encoder?.Dispose();
        _socket.Dispose();
    }

    private bool CarryOut(ChannelOrder order) => order.Kind switch
    {
        OrderKind.Passes => WalkOwnStripes(order),
        OrderKind.FinalPages => WalkSharedStripes(order),
        OrderKind.DeviceState => SendState(order),
        OrderKind.Fence => SendFence(order),
        _ => throw new InvalidOperationException($"{order.Kind} is no order for a channel."),
    };

    /// <summary>
    /// Walks round and round the channel's own stripes; a full round without a marked page is dry, and worth waiting for the next read of
    /// the dirty sources.
    /// </summary>
    private bool WalkOwnStripes(ChannelOrder order)
    {
        var generation = _crew.Generation;
        var clean = 0;
        while (_crew.Order == order)
        {
            if (_walk.IsSettled && clean >= _walk.Count)
            {
                if (!Dry(order, ref generation)) return false;
                clean = 0;
                continue;
            }
            var stripe = _walk.Next();
            if (stripe >= 0)
            {
                clean = _bitmap.Any(stripe) ? 0 : clean + 1 + _walk.SkipClean();
                if (clean == 0 && !Send(stripe)) return false;
                continue;
            }
            if (!_hasBeenRound) _crew.FirstRoundDone();
            _hasBeenRound = _stripes.SeenAll = true;
            Publish();
        }
        return Flush();
    }

    private bool Dry(ChannelOrder order, ref long generation)
    {
        if (!Flush()) return false;
        var now = _crew.Generation;
        if (now == generation)
        {
            Publish();
            var idleSince = _busySince;
            _crew.WaitDry(order, generation);
            _busySince = Stopwatch.GetTimestamp();
            _counters.IdleTicks += _busySince - idleSince;
            now = _crew.Generation;
        }
        generation = now;
        return true;
    }

    /// <summary>
    /// After the fence and with the guest stopped any channel may send any stripe. Stripes are taken in small lots off one counter:
    /// an eighth of a fair share, so that no channel is left with the last lot, and at most 64 to keep the counter quiet.
    /// </summary>
    private bool WalkSharedStripes(ChannelOrder order)
    {
        _stripes.SeenAll = _crew.SeenAll;
        var lot = Math.Clamp(_memory.StripeCount / (_channels * 8), 1, 64);
        for (var first = order.TakeStripes(lot); first < _memory.StripeCount && _crew.Order == order; first = order.TakeStripes(lot))
        {
            var end = Math.Min(first + lot, _memory.StripeCount);
            for (var stripe = first; stripe < end; stripe++)
                if (_bitmap.Any(stripe) && !Send(stripe)) return false;
        }
        return Flush();
    }

    private bool Send(int stripe)
    {
        var start = _chooser is null ? 0 : Stopwatch.GetTimestamp();
        var sent = _stripes.Send(stripe, _crew.Pass);
        _stripes.AddTo(ref _counters);
        if (_chooser is not null) TellTime(_chooser, start);
        // The first walk takes all memory, and what it costs and is limited by is asked for long before its end. 20 ns a stripe.
        var now = Stopwatch.GetTimestamp();
        _counters.BlockedTicks = _sender.BlockedTicks;
        _counters.BusyTicks += now - _busySince;
        _busySince = now;
        return sent;
    }

    private unsafe bool SendState(ChannelOrder order)
    {
        var piece = 0;
        for (var section = 0; section < order.Sections.Count; section++)
        {
            var state = order.Sections[section];
            for (var offset = 0; offset < state.Length; offset += FrameChecks.MaxStatePayload)
            {
                if (piece++ % _channels != Number) continue;
                var length = Math.Min(FrameChecks.MaxStatePayload, state.Length - offset);
                if (!Unacknowledged.TryAddOther(FrameHeader.Size + length)) return false;
                _sender.AddState(section, offset, state.Length, state.Pointer(offset), length);
                _counters.WireBytes += FrameHeader.Size + length;
                _counters.Frames++;
            }
        }
        return order.Fence == 0 ? Flush() : SendFence(order); // The fence goes in the same call.
    }

    private bool SendFence(ChannelOrder order)
    {
        if (!Unacknowledged.TryAddOther(FrameHeader.Size)) return false;
        _sender.AddFence(order.Fence);
        _counters.WireBytes += FrameHeader.Size;
        _counters.Frames++;
        return true;
    }

    private bool Flush()
    {
        var start = _chooser is null ? 0 : Stopwatch.GetTimestamp();
        var sent = _stripes.Flush(_crew.Pass);
        if (_chooser is not null) TellTime(_chooser, start);
        return sent;
    }

    private void TellTime(CodecChooser chooser, long start)
    {
        var blocked = _sender.BlockedTicks;
        chooser.Passed(PageEncoder.Nanoseconds(Stopwatch.GetTimestamp() - start), PageEncoder.Nanoseconds(blocked - _blockedBefore));
        _blockedBefore = blocked;
    }

    private void Publish()
    {
        var now = Stopwatch.GetTimestamp();
        _stripes.AddTo(ref _counters);
        _counters.BlockedTicks = _sender.BlockedTicks;
        _counters.Calls = _sender.Calls;
        _counters.BusyTicks += now - _busySince;
        _counters.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
        _busySince = now;
    }
}
