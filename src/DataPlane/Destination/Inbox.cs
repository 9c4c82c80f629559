using System.Threading.Channels;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>
/// Reads the control link all the session long. Pings are answered at once, failures go to the session; the rest waits, in order, for
/// the session's next step.
/// </summary>
internal sealed class Inbox(ControlLink link, SessionFault fault, SessionClock clock, DeadlineWatch deadline, Func<string> step, HandoverLine words)
{
    // Page sums are the only messages that come faster than they are used up: four of 1 MiB, then the link holds the source back.
    private readonly Channel<(IControlMessage Message, long Heard)> _messages =
        Channel.CreateBounded<(IControlMessage, long)>(new BoundedChannelOptions(4) { SingleReader = true, SingleWriter = true });

    /// <summary>The next message and when it was heard, nanoseconds.</summary>
    public ValueTask<(IControlMessage Message, long Heard)> NextAsync(CancellationToken cancel) => _messages.Reader.ReadAsync(cancel);

    /// <summary>
    /// Nobody asks for messages any more. Without it a source that says more than the inbox holds, once the guest was taken over and no fault
    /// can stop anything, would keep it waiting for ever.
    /// </summary>
    public void Close() => _ = _messages.Writer.TryComplete();

    /// <summary>Reads until the connection ends. Never throws: what ends it is set as the session's fault.</summary>
    public async Task RunAsync(Task<IControlMessage> first)
    {
        try
        {
            for (var message = await first; ; message = await link.ReceiveAsync(CancellationToken.None))
                await TakeAsync(message);
        }
        catch (Exception ended)
        {
            words.Lose(link);
            _ = fault.TrySet(Faults.From(ended, MigrationSide.Destination, step()));
            _ = _messages.Writer.TryComplete(ended);
        }
    }

    private async ValueTask TakeAsync(IControlMessage message)
    {
        switch (message)
        {
            case PingMessage ping:
                await link.SendAsync(new PongMessage(ping.SentNanoseconds, clock.Nanoseconds), CancellationToken.None);
                break;
            case DeadlineMessage told:
                deadline.Set(told, fault, clock, step);
                break;
            case HandoverMessage said:
                // The reason comes first. Where it has been lost the source may as well come back; where it comes yet it takes this one's place.
                if (words.Hear(said) && said.Word == HandoverWord.Kept) _ = fault.TrySet(new MigrationError(
                    MigrationErrorCode.ConnectionLost, MigrationSide.Source, step(), "The source keeps the guest, and its reason did not come through."));
                break;
            case FailedMessage failed:
                var error = Faults.FromPeer(failed, MigrationSide.Destination);
                words.HearKept(); // A source that ends the migration has not given the guest away, and does not.
                if (!fault.TrySet(error)) fault.Explain(error);
                break;
            case CommitMessage:
                // Behind a fault nobody asks for messages any more, but the guest may be here.
                if (fault.Error is not null || !_messages.Writer.TryWrite((message, clock.Nanoseconds))) words.HearCommit();
                break;
            default:
                await _messages.Writer.WriteAsync((message, clock.Nanoseconds), fault.Stopping);
                break;
        }
    }
}
