using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>
/// Reads an end's control link all the measurement long. Pings are answered, pongs timed, acknowledgements handed to the sender; the rest is for
/// whoever is named. Anything that is not due ends the measurement.
/// </summary>
internal sealed class LinkInbox(LinkEnd end)
{
    /// <summary>Takes a message that is this side's own: orders at the server, what comes back at the client. False where it is not due.</summary>
    public Func<IControlMessage, bool> Take { get; init; } = _ => false;

    /// <summary>Reads until the connection ends. Never throws: what ends it is the end's fault, unless it has said that it is through.</summary>
    public async Task RunAsync(Task<IControlMessage>? first)
    {
        try
        {
            for (var message = await (first ?? end.Link.ReceiveAsync(CancellationToken.None).AsTask()); ; message = await end.Link.ReceiveAsync(CancellationToken.None))
                await TakeAsync(message);
        }
        catch (Exception ended)
        {
            end.Fail(ended);
        }
    }

    private async ValueTask TakeAsync(IControlMessage message)
    {
        var due = true;
        switch (message)
        {
            case PingMessage ping:
                await end.Link.SendAsync(new PongMessage(ping.SentNanoseconds, end.Clock.Nanoseconds), CancellationToken.None);
                break;
            case PongMessage pong:
                end.Pongs.Take(pong.PingNanoseconds, end.Clock.Nanoseconds);
                break;
            case AcknowledgeMessage acknowledged:
                due = end.Sender?.Acknowledge(acknowledged.Placed) == true;
                break;
            case FencedMessage fenced:
                due = end.Sender?.TakeFenced(fenced) == true;
                break;
            case FailedMessage failed:
                throw new MigrationException(LinkFaults.FromPeer(failed, end.Side));
            default:
                due = Take(message);
                break;
        }
        if (!due)
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.ProtocolViolation, LinkFaults.Named(end.Side), end.Step, $"The peer sent {message.Type.Name()} where it was not due, or with numbers that cannot be."));
    }
}
