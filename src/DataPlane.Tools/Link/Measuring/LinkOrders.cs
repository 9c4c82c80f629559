using System.Collections.Concurrent;
using DataPlane.Core.Wire.Messages;
using DataPlane.Transport.Control;

namespace DataPlane.Tools.Link;

/// <summary>Orders to the server, and what comes back for them. For any thread.</summary>
internal sealed class LinkOrders(ControlLink link)
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<IControlMessage>> _waiting = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _number;

    /// <summary>Completes when the server has said that it is ready.</summary>
    public Task Ready => _ready.Task;

    public async Task<LinkSampleMessage> SampleAsync(CancellationToken cancel) => (LinkSampleMessage)await AskAsync(LinkOrderKind.Sample, 0, cancel);

    public async Task<LinkSent> CarryOutAsync(LinkOrderKind kind, long argument, CancellationToken cancel)
    {
        var done = (LinkDoneMessage)await AskAsync(kind, argument, cancel);
        return new LinkSent(done.WireBytes, TimeSpan.FromMicroseconds(done.Nanoseconds / 1e3));
    }

    /// <summary>That was all; so many more measurements follow. Not answered but by the end of the connection.</summary>
    public ValueTask EndAsync(int more, CancellationToken cancel) => link.SendAsync(new LinkOrderMessage(Interlocked.Increment(ref _number), LinkOrderKind.End, more), cancel);

    /// <summary>For the inbox. False where the message is not due.</summary>
    public bool Take(IControlMessage message) => message switch
    {
        ReadyMessage => _ready.TrySetResult(),
        LinkSampleMessage sample => _waiting.TryRemove(sample.Number, out var waiting) && waiting.TrySetResult(sample),
        // Numbers of a clock that runs backwards, or of more than was ever sent, would become rates.
        LinkDoneMessage { WireBytes: >= 0, Nanoseconds: >= 0 } done => _waiting.TryRemove(done.Number, out var waiting) && waiting.TrySetResult(done),
        _ => false,
    };

    private async Task<IControlMessage> AskAsync(LinkOrderKind kind, long argument, CancellationToken cancel)
    {
        var number = Interlocked.Increment(ref _number);
        var answer = _waiting[number] = new TaskCompletionSource<IControlMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        await link.SendAsync(new LinkOrderMessage(number, kind, argument), cancel);
        return await answer.Task.WaitAsync(cancel);
    }
}
