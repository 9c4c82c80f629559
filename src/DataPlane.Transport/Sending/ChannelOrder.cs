namespace DataPlane.Transport.Sending;

/// <summary>One order to all channels, and the means to know when the last has carried it out. Orders are given one at a time.</summary>
internal sealed class ChannelOrder(OrderKind kind, int channels)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = channels;
    private int _nextStripe;

    public OrderKind Kind { get; } = kind;

    /// <summary>Number of a fence.</summary>
    public uint Fence { get; init; }

    /// <summary>The sections to send.</summary>
    public IReadOnlyList<SectionBuffer> Sections { get; init; } = [];

    /// <summary>Completes when every channel has carried the order out.</summary>
    public Task Done => _done.Task;

    /// <summary>Takes <paramref name="count"/> stripes off the shared walk of the final pass; the first of them.</summary>
    public int TakeStripes(int count) => Interlocked.Add(ref _nextStripe, count) - count;

    /// <summary>A channel has carried the order out.</summary>
    public void Report()
    {
        if (Interlocked.Decrement(ref _left) == 0) _ = _done.TrySetResult();
    }

    /// <summary>A channel can not carry it out; the fault itself travels another way.</summary>
    public void Abandon() => _ = _done.TrySetCanceled();
}
