using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;
using System.Threading.Channels;

namespace DataPlane.Tools.Link;

/// <summary>A client at the server, from the handshake's end to its own: carries out its orders. Owns the connection until <see cref="ServeAsync"/> returns.</summary>
internal sealed record LinkVisit(string Name, LinkHelloMessage Hello, LinkConnection Connection, Task<IControlMessage> First)
{
    // A client gives an order when the one before is answered; one more to call it off.
    private const int MostOrders = 4;

    private readonly Channel<LinkOrderMessage> _orders = Channel.CreateBounded<LinkOrderMessage>(new BoundedChannelOptions(MostOrders) { SingleReader = true, SingleWriter = true });

    /// <summary>
    /// Serves until the client is through, then calls <paramref name="free"/> before the client can know. How many more measurements it makes at once;
    /// throws <see cref="MigrationException"/> for what ended it otherwise.
    /// </summary>
    public async Task<long> ServeAsync(LinkMemories memories, LinkServerOptions options, SessionClock clock, Action free, CancellationToken stop)
    {
        await using var end = await MakeEndAsync(memories, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Fault.Stopping);
        try
        {
            var inbox = new LinkInbox(end) { Take = message => message is LinkOrderMessage order && _orders.Writer.TryWrite(order) };
            await end.StartAsync(inbox, First, options.IdleTimeout, both.Token);
            await end.Link.SendAsync(new ReadyMessage(), both.Token);
            end.Step = "measure";
            while (true)
            {
                var order = await _orders.Reader.ReadAsync(both.Token);
                if (order.Kind == LinkOrderKind.End)
                {
                    end.EndChannels();
                    free();
                    return Math.Max(0, order.Argument);
                }
                await CarryOutAsync(end, order, both.Token);
            }
        }
        catch (Exception fault)
        {
            if (stop.IsCancellationRequested) _ = end.Fault.TrySet(new MigrationError(MigrationErrorCode.Cancelled, MigrationSide.Destination, end.Step, "The server was ended."));
            end.Fail(fault);
            var error = end.Fault.Error ?? LinkFaults.Of(fault, LinkSide.Server, end.Step);
            if (error.PeerMessage is null) await LastWordsAsync(end, error);
            throw new MigrationException(error);
        }
    }

    private async Task<LinkEnd> MakeEndAsync(LinkMemories memories, SessionClock clock)
    {
        try
        {
            return await Task.Run(() => new LinkEnd(Connection, memories, Hello.MemoryBytes, LinkSide.Server, clock));
        }
        catch (Exception fault)
        {
            var error = LinkFaults.Of(fault, LinkSide.Server, "setup");
            await SayAsync(error);
            foreach (var socket in Connection.Data) socket.Dispose();
            await Connection.Link.DisposeAsync();
            throw new MigrationException(error);
        }
    }

    private async Task CarryOutAsync(LinkEnd end, LinkOrderMessage order, CancellationToken both)
    {
        if (order.Kind == LinkOrderKind.Sample)
        {
            await end.Link.SendAsync(end.Sample(order.Number), both);
            return;
        }
        var sender = end.Sender ?? throw Violation(end, $"The client orders pages of a server that only receives.");
        if (order.Kind == LinkOrderKind.FinalSet && (order.Argument < Core.Memory.PageGeometry.PageSize || order.Argument > Hello.MemoryBytes))
            throw Violation(end, $"The client orders a final set of {order.Argument} bytes; the memory has {Hello.MemoryBytes}.");
        LinkSent sent = default;
        switch (order.Kind)
        {
            case LinkOrderKind.Bulk:
                await sender.BulkAsync(both);
                break;
            case LinkOrderKind.Fence:
                sent = await sender.FenceAsync(both);
                break;
            case LinkOrderKind.FinalSet:
                sent = await sender.FinalSetAsync(order.Argument, both);
                break;
            default:
                throw Violation(end, $"The client gives an order of kind {(byte)order.Kind}, which is not known.");
        }
        await end.Link.SendAsync(new LinkDoneMessage(order.Number, sent.WireBytes, (long)sent.Time.TotalNanoseconds), both);
    }

    private static MigrationException Violation(LinkEnd end, string message) =>
        new(new MigrationError(MigrationErrorCode.ProtocolViolation, MigrationSide.Destination, end.Step, message));

    private async Task LastWordsAsync(LinkEnd end, MigrationError error)
    {
        end.Through();
        await SayAsync(error);
    }

    private async Task SayAsync(MigrationError error)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(250));
        try
        {
            await Connection.Link.SendAsync(FailedMessage.Of(error), limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException)
        {
            // The client finds out by the closed connection.
        }
    }
}
