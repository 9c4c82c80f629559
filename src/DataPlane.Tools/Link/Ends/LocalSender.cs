using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;
using DataPlane.Transport.Sending;

namespace DataPlane.Tools.Link;

/// <summary>
/// Sends as a migration's source does: the same channels claim, re-protect, scan for zeros and send. Owns the crew and its sockets; the memory must outlive it.
/// Orders come from one thread at a time, the peer's answers from the inbox.
/// </summary>
internal sealed class LocalSender : ILinkSender, IDisposable
{
    private readonly DirtyBitmap _bitmap;
    private readonly EndlessSource _source;
    private readonly ChannelCrew _crew;
    private readonly SessionClock _clock;
    private TaskCompletionSource<long>? _fenced;
    private uint _fence;
    private uint _answered;

    public LocalSender(GuestMemory memory, IReadOnlyList<IDataConnection> sockets, Action<Exception> onFault, SessionClock clock)
    {
        _bitmap = new DirtyBitmap(memory);
        _source = new EndlessSource(_bitmap);
        _crew = new ChannelCrew(memory, _bitmap, _source, sockets, onFault);
        _clock = clock;
    }

    public IReadOnlyList<SendingChannel> Channels => _crew.Channels;

    /// <summary>
    /// Lets the channels take their stripes before any is marked: else one that started first could take all that another was to have, which then
    /// had nothing to send for the rest of the measurement.
    /// </summary>
    public Task SettleAsync(CancellationToken cancel)
    {
        _crew.Start();
        _ = _crew.Give(OrderKind.Passes);
        return _crew.WhenDryAsync(_crew.Channels.Count).WaitAsync(cancel);
    }

    public Task BulkAsync(CancellationToken cancel)
    {
        _source.IsEndless = true;
        _bitmap.SetAll();
        _crew.NextGeneration();
        return Task.CompletedTask;
    }

    public async Task<LinkSent> FenceAsync(CancellationToken cancel)
    {
        var (before, start) = (AcknowledgedBytes, _clock.Nanoseconds);
        var answered = await SendFenceAsync(cancel);
        return new LinkSent(AcknowledgedBytes - before, Span(answered - start));
    }

    public async Task<LinkSent> FinalSetAsync(long bytes, CancellationToken cancel)
    {
        ScatteredPages.Clear(_bitmap);
        ScatteredPages.Mark(_bitmap, bytes >> PageGeometry.PageShift);
        _crew.Pass++;
        var (before, start) = (AcknowledgedBytes, _clock.Nanoseconds);
        await _crew.Give(OrderKind.FinalPages).Done.WaitAsync(cancel);
        var answered = await SendFenceAsync(cancel);
        return new LinkSent(AcknowledgedBytes - before, Span(answered - start));
    }

    /// <summary>For the inbox: what the peer has placed. False when that cannot be.</summary>
    public bool Acknowledge(ulong[] placed)
    {
        if (placed.Length != _crew.Channels.Count) return false;
        for (var channel = 0; channel < placed.Length; channel++)
            if (!_crew.Channels[channel].Unacknowledged.Acknowledge(placed[channel])) return false;
        return true;
    }

    /// <summary>For the inbox: a fence has been answered. False when none was due, or other numbers.</summary>
    public bool TakeFenced(FencedMessage fenced)
    {
        if (!Acknowledge(fenced.Placed) || fenced.Fence != _answered + 1 || fenced.Fence != Volatile.Read(ref _fence)) return false;
        _answered++;
        return Volatile.Read(ref _fenced)?.TrySetResult(_clock.Nanoseconds) == true;
    }

    /// <summary>Whether something that was sent has not been acknowledged, and a number that changes with each acknowledgement.</summary>
    public (bool Waiting, long Mark) Outstanding
    {
        get
        {
            ulong added = 0, acknowledged = 0;
            foreach (var channel in _crew.Channels)
            {
                acknowledged += channel.Unacknowledged.Acknowledged;
                added += channel.Unacknowledged.Added;
            }
            return (added > acknowledged, (long)acknowledged);
        }
    }

    public void Dispose()
    {
        _crew.Dispose();
        _bitmap.Dispose();
    }

    private long AcknowledgedBytes => _crew.Channels.Sum(channel => channel.Unacknowledged.AcknowledgedBytes);

    private Task<long> SendFenceAsync(CancellationToken cancel)
    {
        _source.IsEndless = false;
        var fenced = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _fenced, fenced);
        Volatile.Write(ref _fence, _fence + 1);
        _ = _crew.Give(OrderKind.Fence, _fence);
        return fenced.Task.WaitAsync(cancel);
    }

    private static TimeSpan Span(long nanoseconds) => TimeSpan.FromMicroseconds(nanoseconds / 1e3);
}
