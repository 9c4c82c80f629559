using System.Threading.Channels;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;
using DataPlane.Transport.Control;
using DataPlane.Transport.Receiving;

namespace DataPlane.Destination;

/// <summary>
/// Tells the source what is placed: every 10 ms while it changes, and at once when a fence has arrived on all channels. One message
/// for all channels costs nothing beside the frames; one per frame would cost a wake-up each.
/// </summary>
internal sealed class Acknowledger(ControlLink link, SessionFault fault, SessionClock clock, Func<string> step)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    private readonly Channel<uint> _fences = Channel.CreateUnbounded<uint>(new UnboundedChannelOptions { SingleReader = true });
    private readonly object _gate = new();
    private TaskCompletionSource<long> _fenced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _lastFence;
    private long _fencedAt;

    /// <summary>Called on a channel's thread: fence <paramref name="fence"/> is complete. At most one is under way at a time.</summary>
    public void FenceArrived(uint fence)
    {
        TaskCompletionSource<long> waiting;
        lock (_gate)
        {
            _fencedAt = clock.Nanoseconds;
            _lastFence = fence;
            waiting = _fenced;
            _fenced = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        _ = waiting.TrySetResult(_fencedAt); // First: behind the last fence the guest stands and waits for it.
        _ = _fences.Writer.TryWrite(fence);
    }

    /// <summary>Waits for fence <paramref name="fence"/>; when it was complete, in nanoseconds.</summary>
    public async Task<long> WhenFencedAsync(uint fence, CancellationToken cancel)
    {
        while (true)
        {
            Task<long> next;
            lock (_gate)
            {
                if (_lastFence == fence) return _fencedAt;
                next = _fenced.Task;
            }
            _ = await next.WaitAsync(cancel);
        }
    }

    /// <summary>Sends until <paramref name="stop"/>. Never throws: what ends it is set as the session's fault.</summary>
    public Task RunAsync(ReceivingCrew crew, CancellationToken stop) => Task.WhenAll(
        GuardAsync(() => SendFencesAsync(crew, stop)), GuardAsync(() => SendProgressAsync(crew, stop)));

    private async Task GuardAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception ended)
        {
            _ = fault.TrySet(Faults.From(ended, MigrationSide.Destination, step()));
        }
    }

    private async Task SendFencesAsync(ReceivingCrew crew, CancellationToken stop)
    {
        await foreach (var fence in _fences.Reader.ReadAllAsync(stop))
            await link.SendAsync(new FencedMessage(fence, crew.Placed()), stop);
    }

    private async Task SendProgressAsync(ReceivingCrew crew, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, clock.Time);
        ulong last = 0;
        while (await timer.WaitForNextTickAsync(stop))
        {
            ulong sum = 0;
            foreach (var channel in crew.Channels) sum += channel.Placed;
            if (sum == last) continue;
            last = sum;
            await link.SendAsync(new AcknowledgeMessage(crew.Placed()), stop);
        }
    }
}
