using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Receiving;
using DataPlane.Transport.Sending;

namespace DataPlane.Bench.Transport.Sending;

/// <summary>
/// Both crews over UNIX socket pairs, and a guest of one stripe that exists as addresses only: no page of it is ever marked, so that an
/// order finds nothing to send but its fence.
/// </summary>
internal sealed class FencedChannels : IDisposable
{
    private readonly DirtyBitmap _bitmap;
    private readonly DirtyBitmap _received;
    private readonly ExplicitDirtySource _dirty;
    private readonly ChannelCrew _sender;
    private readonly ReceivingCrew _receiver;
    private readonly ManualResetEventSlim _placed = new();
    private readonly TimeSpan _soon;
    private volatile Exception? _fault;
    private volatile bool _ending;
    private uint _fence;

    /// <param name="count">How many.</param>
    /// <param name="soon">After this long without an answer something is broken.</param>
    public FencedChannels(int count, TimeSpan soon)
    {
        _soon = soon;
        var memory = new GuestMemory([new RamBlockInfo("ram", PageGeometry.PageSize, PageGeometry.StripeSize, 0)]);
        _bitmap = new DirtyBitmap(memory);
        _received = new DirtyBitmap(memory);
        _dirty = new ExplicitDirtySource(memory);
        var pairs = Enumerable.Range(0, count).Select(_ => UnixPair.Create()).ToArray();
        _sender = new ChannelCrew(memory, _bitmap, _dirty, [.. pairs.Select(pair => new DataSocket(pair.One))], Fail);
        _receiver = new ReceivingCrew(
            memory, _received, [], fresh: false, mapped: true, [.. pairs.Select(pair => new DataSocket(pair.Other))], _ => _placed.Set(),
            end => Fail(end ?? new EndOfStreamException("A sending channel ended.")));
        _receiver.Start();
        _sender.Start();
    }

    /// <summary>Hands an order to all channels for which there is nothing to send, and waits for the last one's report.</summary>
    public void GiveNothing() => Wait(_sender.Give(OrderKind.FinalPages));

    /// <summary>Has a fence sent on all channels, and waits until it is placed on the last. Returns how many are placed on all.</summary>
    public ulong Fence()
    {
        _placed.Reset();
        Wait(_sender.Give(OrderKind.Fence, ++_fence));
        if (!_placed.Wait(_soon) || _fault is not null) throw new InvalidOperationException($"Fence {_fence} did not arrive.", _fault);
        var least = ulong.MaxValue;
        foreach (var channel in _sender.Channels) // What is not acknowledged fills a ring, and a full one stops its channel.
        {
            var placed = _receiver.Channels[channel.Number].Placed;
            if (!channel.Unacknowledged.Acknowledge(placed)) throw new InvalidOperationException("More is placed than was sent.");
            least = Math.Min(least, placed);
        }
        return least;
    }

    /// <summary>Frames sent on all channels.</summary>
    public long Frames => _sender.Channels.Sum(channel => (long)channel.Unacknowledged.Added);

    public void Dispose()
    {
        _ending = true;
        _sender.Dispose();
        _receiver.Dispose();
        _placed.Dispose();
        _bitmap.Dispose();
        _received.Dispose();
        _dirty.Dispose();
    }

    private void Wait(ChannelOrder order)
    {
        if (!order.Done.Wait(_soon)) throw new TimeoutException($"Not all channels have carried out {order.Kind}.");
    }

    private void Fail(Exception fault)
    {
        if (_ending) return; // Channels end as they should.
        _fault ??= fault;
        _sender.Abort(); // Abandons the order, so that nobody waits for a channel that ended.
        _placed.Set();
    }
}
