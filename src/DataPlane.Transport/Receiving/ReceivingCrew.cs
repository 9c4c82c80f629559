using DataPlane.Core.Codecs;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;
using DataPlane.Linux.Host;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Receiving;

/// <summary>The receiving channels of a destination, one dedicated thread each. Owns threads and sockets.</summary>
internal sealed class ReceivingCrew : IDisposable
{
    private readonly object _gate = new();
    private readonly ReceivingChannel[] _channels;
    private readonly Thread[] _threads;
    private readonly ChannelThreads _placing;
    private readonly Action<uint> _onFence;
    private readonly Action<Exception?> _onEnd;
    private int _arrived;
    private uint _fence;
    private volatile bool _sealed;

    /// <param name="memory">The guest's memory.</param>
    /// <param name="received">Pages received so far, kept up to date.</param>
    /// <param name="sections">Where device state goes.</param>
    /// <param name="fresh">See <see cref="PagePlacer"/>.</param>
    /// <param name="mapped">See <see cref="PagePlacer"/>.</param>
    /// <param name="sockets">One per channel, taken over.</param>
    /// <param name="onFence">Called on a channel's thread when a fence has arrived on all channels.</param>
    /// <param name="onEnd">Called on a channel's thread when it ends: with what ended it, or null when the peer closed.</param>
    /// <param name="encodings">The encodings agreed on for pages.</param>
    /// <param name="suspects">With it a checksum travels with each page, and it is told of the pages whose copy does not fit theirs. Stays the caller's.</param>
    /// <param name="placing">What the threads are called and where they run; null for the defaults.</param>
    public ReceivingCrew(
        GuestMemory memory, DirtyBitmap received, IReadOnlyList<ReceivedSection> sections, bool fresh, bool mapped,
        IReadOnlyList<IDataConnection> sockets, Action<uint> onFence, Action<Exception?> onEnd,
        PageEncodingSet encodings = default, SuspectPages? suspects = null,
        ChannelThreads? placing = null)
    {
        _placing = placing ?? ChannelThreads.Default;
        _onFence = onFence;
        _onEnd = onEnd;
        var checks = new FrameChecks(memory, [.. sections.Select(section => section.Declared)], encodings, pageSums: suspects is not null);
        var holes = new HoleFinder(memory);
        _channels = [.. sockets.Select((socket, number) => new ReceivingChannel(
            this, number, memory, sections, checks, new PagePlacer(received, holes, fresh, mapped),
            encodings.IsEmpty ? null : new PageDecoder(new PageCodecSet(encodings)),
            suspects is null ? null : new PageSumCheck(suspects), socket))];
        _threads = [.. _channels.Select(channel => _placing.Make("recv", channel.Number, () => Run(channel)))];
    }

    public IReadOnlyList<ReceivingChannel> Channels => _channels;

    public void Start()
    {
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>What is placed on each channel.</summary>
    public ulong[] Placed() => [.. _channels.Select(channel => channel.Placed)];

    /// <summary>The last fence has arrived: a frame behind it is refused, since the guest may run by then.</summary>
    public void Seal() => _sealed = true;

    /// <summary>Breaks the sockets: all threads end soon.</summary>
    public void Abort()
    {
        foreach (var channel in _channels) channel.Abort();
    }

    /// <summary>Aborts, and waits for all threads: nothing writes guest memory afterwards.</summary>
    public void Dispose()
    {
        Abort();
        foreach (var thread in _threads)
            if (!thread.ThreadState.HasFlag(ThreadState.Unstarted)) thread.Join(); // Flags: a background thread is Unstarted and Background.
        foreach (var channel in _channels) channel.Dispose();
    }

    /// <summary>Whether no frame may come any more.</summary>
    public bool IsSealed => _sealed;

    /// <summary>For channels. A fence is due only when the one before has arrived everywhere: the source waits for that.</summary>
    internal void FenceArrived(uint fence)
    {
        bool all;
        lock (_gate)
        {
            if (fence != _fence + 1)
                throw new MigrationException(new MigrationError(
                    MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, "fence",
                    $"Fence {fence} came on one channel before fence {_fence + 1} had come on all."));
            all = ++_arrived == _channels.Length;
            if (all) (_fence, _arrived) = (fence, 0);
        }
        if (all) _onFence(fence);
    }

    private void Run(ReceivingChannel channel)
    {
        Exception? end = null;
        try
        {
            _placing.Enter(channel.Number);
            channel.Run();
        }
        catch (Exception fault) // A channel's thread has no caller: what ended it is handed to the session.
        {
            end = fault;
        }
        _onEnd(end);
    }
}
