using System.Diagnostics;
using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Codecs;
using DataPlane.Linux.Host;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Sending.Compressing;

namespace DataPlane.Transport.Sending;

/// <summary>
/// The sending channels of a source: one dedicated thread each, told what to do by orders. The control loop gives orders and
/// generations; the channels carry them out at their own pace and report. Owns threads and sockets.
/// </summary>
internal sealed class ChannelCrew : IDisposable
{
    private readonly object _gate = new();
    private readonly SendingChannel[] _channels;
    private readonly Thread[] _threads;
    private readonly ChannelThreads _placing;
    private readonly CompressorCrew? _compressors;
    private readonly Action<Exception> _onFault;
    private ChannelOrder? _order;
    private TaskCompletionSource? _drySignal;
    private int _dryWanted;
    private int _dry;
    private long _generation;
    private int _firstRounds;
    private bool _aborted;

    /// <param name="memory">The guest's memory.</param>
    /// <param name="bitmap">What is to be sent.</param>
    /// <param name="dirty">Re-protects stripes before they are read.</param>
    /// <param name="sockets">One per channel, taken over.</param>
    /// <param name="onFault">Called on a channel's thread with what ended it; the others go on until aborted.</param>
    /// <param name="options">How they send; null for the defaults.</param>
    public ChannelCrew(
        GuestMemory memory, DirtyBitmap bitmap, IDirtySource dirty, IReadOnlyList<IDataConnection> sockets, Action<Exception> onFault,
        SendingOptions? options = null)
    {
        options ??= new SendingOptions();
        var encodings = options.Encodings;
        _onFault = onFault;
        _placing = options.Threads;
        Cap = options.Cap;
        Cleared = new ClearTimes(memory.StripeCount);
        var holes = new HoleFinder(memory);
        if (options.CompressThreads > 0 && !encodings.IsEmpty)
            _compressors = new CompressorCrew(options.CompressThreads, sockets.Count, encodings, options.PageSums, onFault, options.Threads);
        Discarded = new DiscardedPages(memory, options.PageSums);
        Lots = new StripeLots(bitmap, sockets.Count);
        _channels = [.. sockets.Select((socket, number) =>
        {
            var chooser = options.Chooses ? new CodecChooser(encodings, _compressors is null ? null : (double)sockets.Count / options.CompressThreads) : null;
            return new SendingChannel(
                this, number, sockets.Count, memory, bitmap, dirty, holes, socket,
                encodings.IsEmpty || _compressors is not null ? null : new PageEncoder(new PageCodecSet(encodings), chooser, options.PageSums), chooser,
                _compressors, encodings.Members.FirstOrDefault(), options.PageSums);
        })];
        _threads = [.. _channels.Select(channel => _placing.Make("send", channel.Number, () => Run(channel)))];
    }

    public IReadOnlyList<SendingChannel> Channels => _channels;

    /// <summary>The bandwidth that all channels share; null for none.</summary>
    public BandwidthCap? Cap { get; }

    /// <summary>When each stripe was last re-protected, in timestamps of Stopwatch.</summary>
    public ClearTimes Cleared { get; }

    /// <summary>What takes discarded pages out of what is claimed.</summary>
    public DiscardedPages Discarded { get; }

    /// <summary>The order in force. Read by channels once per stripe.</summary>
    public ChannelOrder? Order => Volatile.Read(ref _order);

    /// <summary>Counts the reads of the dirty sources; a channel that found nothing waits for the next.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>The pass that frames are marked with.</summary>
    public uint Pass { get; set; } = 1;

    /// <summary>The compressors beside the channels; null where there are none.</summary>
    public CompressorCrew? Compressors => _compressors;

    public void Start()
    {
        _compressors?.Start();
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Gives an order to all channels; the one before ends at the next stripe.</summary>
    public ChannelOrder Give(OrderKind kind, uint fence = 0, IReadOnlyList<SectionBuffer>? sections = null)
    {
        var order = new ChannelOrder(kind, _channels.Length) { Fence = fence, Sections = sections ?? [] };
        lock (_gate)
        {
            if (_aborted)
            {
                order.Abandon();
                return order;
            }
            _dry = 0;
            Volatile.Write(ref _order, order);
            Monitor.PulseAll(_gate);
        }
        return order;
    }

    /// <summary>The dirty sources have been read: there may be new work.</summary>
    public void NextGeneration()
    {
        lock (_gate)
        {
            _dry = 0;
            Volatile.Write(ref _generation, _generation + 1);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Completes when <paramref name="count"/> channels have run dry in the present generation. One caller at a time.</summary>
    public Task WhenDryAsync(int count)
    {
        lock (_gate)
        {
            if (_aborted) return Task.FromCanceled(new CancellationToken(canceled: true));
            if (_dry >= count) return Task.CompletedTask;
            _dryWanted = count;
            _drySignal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drySignal.Task;
        }
    }

    /// <summary>How many channels have run dry in the present generation.</summary>
    public int DryCount
    {
        get
        {
            lock (_gate) return _dry;
        }
    }

    /// <summary>Breaks the sockets and lets every waiting channel go: all threads end soon.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            _ = _drySignal?.TrySetCanceled();
            _order?.Abandon();
            Volatile.Write(ref _order, null); // A channel in the middle of a walk sees that its order is over.
            Monitor.PulseAll(_gate);
        }
        Cap?.End();
        foreach (var channel in _channels) channel.Abort();
    }

    /// <summary>Waits for all threads. After <see cref="Abort"/> or an order to quit.</summary>
    public void Join()
    {
        foreach (var thread in _threads)
            if (!thread.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted)) thread.Join(); // Flags: a background thread is Unstarted and Background.
        _compressors?.End(); // Nobody is left to hand them anything.
        _compressors?.Join();
    }

    /// <summary>Marks all pages again that are not known to be placed. After <see cref="Join"/>.</summary>
    public void PutBack(DirtyBitmap bitmap)
    {
        foreach (var channel in _channels) channel.PutBack(bitmap);
    }

    public void Dispose()
    {
        Abort();
        Join();
        foreach (var channel in _channels) channel.Dispose();
        _compressors?.Dispose();
        Discarded.Dispose();
    }

    /// <summary>What the channels take their stripes from.</summary>
    internal StripeLots Lots { get; }

    /// <summary>Whether every channel has been through its stripes once: all memory was met.</summary>
    internal bool SeenAll => Volatile.Read(ref _firstRounds) == _channels.Length;

    /// <summary>For channels, each once: has been through its own stripes.</summary>
    internal void FirstRoundDone() => Interlocked.Increment(ref _firstRounds);

    /// <summary>For channels: waits for an order other than <paramref name="last"/>. Null when aborted.</summary>
    internal ChannelOrder? WaitForOrder(ChannelOrder? last)
    {
        lock (_gate)
        {
            while (!_aborted && _order == last) Monitor.Wait(_gate);
            return _order;
        }
    }

    /// <summary>For channels: reports that nothing was found in <paramref name="generation"/>, and waits for another or a new order.</summary>
    internal void WaitDry(ChannelOrder order, long generation)
    {
        lock (_gate)
        {
            if (_order != order || _generation != generation) return;
            _dry++;
            Debug.Assert(_dry <= _channels.Length, "a channel reports once per generation");
            if (_dry >= _dryWanted) _ = _drySignal?.TrySetResult();
            while (_order == order && _generation == generation) Monitor.Wait(_gate);
        }
    }

    private void Run(SendingChannel channel)
    {
        try
        {
            _placing.Enter(channel.Number);
            channel.Run();
        }
        catch (Exception fault) // A channel's thread has no caller: what ended it is handed to the session.
        {
            _onFault(fault);
        }
    }
}
