using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>
/// The handshake with a source that wants to migrate, from its preamble until all its channels have joined. A source that does not fit is told why.
/// </summary>
internal sealed class SessionDoor(DestinationState state, UnknownConnections unknown, SessionPlace place)
{
    /// <summary>For a source to hear why it is refused.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private const string Ending = "The destination is ending.";

    private readonly int _helloLimit = HelloLimit.Of(state.Memory, state.Sections);

    /// <summary>Returns when the session has become complete. Throws <see cref="RefusalException"/> when nothing comes of it.</summary>
    public async Task OpenAsync(UnknownConnection peer, Preamble preamble, CancellationToken stop)
    {
        unknown.Introduce(peer, state.Options.HandshakeTimeout);
        var link = new ControlLink(peer.Socket, MigrationSide.Destination, state.Clock.Time);
        var begun = false;
        try
        {
            var version = ProtocolVersion.Choose(preamble.OldestVersion, preamble.NewestVersion);
            if (version == 0)
                throw new RefusalException(
                    RefusalKind.Unfit,
                    $"The source speaks protocol versions {preamble.OldestVersion} to {preamble.NewestVersion}, the destination {ProtocolVersion.Oldest} to {ProtocolVersion.Newest}.",
                    MigrationErrorCode.VersionMismatch);
            if (preamble.Role == ConnectionRole.Link)
                throw new RefusalException(
                    RefusalKind.Unfit, "A migration's destination waits here, and no link server. Start 'dataplane link server' on this host, on another port.",
                    MigrationErrorCode.Refused);
            place.ThrowIfTaken();
            var hello = await link.ReceiveAsync(_helloLimit, CancellationToken.None) as HelloMessage
                ?? throw new RefusalException(RefusalKind.Garbage, "The first message is not a hello.");
            place.ThrowIfTaken(hello);
            HelloChecks.Throw(hello, state);
            var key = place.Take(peer, link, hello, preamble.Session, version);
            begun = true;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(state.Options.HandshakeTimeout);
            place.Listen(link);
            await link.SendAsync(Accept(version, hello, key), limit.Token);
            await state.Ownership!.NameAsync(link, limit.Token);
            await AwaitChannelsAsync(link, limit.Token);
        }
        catch (Exception fault) when (fault is RefusalException or MigrationException or OperationCanceledException)
        {
            if (!await place.TryForgetAsync(link)) return;
            var refusal = begun ? OfSource(fault) : OfStranger(fault);
            refusal.WasTold = peer.EndedBecause is null && fault is not OperationCanceledException;
            if (refusal.WasTold) await TellAsync(peer, link, refusal.Error, begun);
            await link.DisposeAsync();
            throw refusal;
        }
    }

    private AcceptMessage Accept(ushort version, HelloMessage hello, JoinKey key)
    {
        var written = state.Kept?.For(hello);
        return new AcceptMessage(
            version, hello.Offered & PageFeatures.OfThisHost, key,
            (byte)(state.Options.Populate ? DestinationMemory.Populated : state.Options.Memory),
            (uint)state.Memory.Blocks.Min(block => block.Info.BackingPageSize),
            written is null ? 0 : state.Kept!.Attempt, written ?? []);
    }

    private async Task AwaitChannelsAsync(ControlLink link, CancellationToken cancel)
    {
        while (await Task.WhenAny(place.Complete, place.FirstMessage!).WaitAsync(cancel) == place.FirstMessage)
        {
            switch (await place.FirstMessage)
            {
                case PingMessage ping: // The source is through with its part and waits. That it gives up, or is gone, has to be heard.
                    if (!place.TryListen(link)) return;
                    await link.SendAsync(new PongMessage(ping.SentNanoseconds, state.Clock.Nanoseconds), cancel);
                    break;
                case HandoverMessage { Word: HandoverWord.Open } opened when !place.IsOpen:
                    await state.Ownership!.OpenAsync(opened);
                    place.Open(link);
                    break;
                case FailedMessage failed:
                    throw new RefusalException(RefusalKind.Unfit, $"The source gave up: {failed.Message}", MigrationErrorCode.Cancelled);
                default:
                    throw new RefusalException(RefusalKind.Unfit, "A message came before the data channels had joined.");
            }
        }
        await place.Complete; // Also how it is heard that no more channels will come.
    }

    private static RefusalException OfStranger(Exception fault) => fault switch
    {
        RefusalException refusal => refusal,
        MigrationException { Error: { Code: MigrationErrorCode.ConnectionLost } lost } => new RefusalException(RefusalKind.Silent, lost.Message, lost.Code),
        MigrationException known => new RefusalException(RefusalKind.Garbage, known.Error.Message, known.Error.Code),
        _ => new RefusalException(RefusalKind.Silent, Ending),
    };

    private RefusalException OfSource(Exception fault) => fault switch
    {
        RefusalException refusal => refusal,
        MigrationException known => new RefusalException(RefusalKind.Unfit, known.Error.Message, known.Error.Code),
        _ when place.Complete.IsCanceled => new RefusalException(RefusalKind.Unfit, Ending),
        _ => new RefusalException(
            RefusalKind.Unfit, $"Its channels did not join within {state.Options.HandshakeTimeout.TotalSeconds:0.###} s.", MigrationErrorCode.Timeout),
    };

    private async Task TellAsync(UnknownConnection peer, ControlLink link, MigrationError error, bool begun)
    {
        unknown.Dismiss(peer, LastWords);
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await link.SendAsync(FailedMessage.Of(error), limit.Token);
            // Closing with bytes unread would take back what was said.
            if (!begun) await peer.HearOutAsync(_helloLimit, limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The peer is gone or does not listen; the log has the reason.
        }
    }
}
