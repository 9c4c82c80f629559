using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Linux.Journal;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>
/// Answers a source that has lost its session and asks what became of its guest: the session's own, which is let in; or one whose
/// destination was another process, or an earlier migration of this one, for which the journal is the witness.
/// </summary>
internal sealed class HandoverDoor(DestinationState state, UnknownConnections unknown)
{
    /// <summary>Serves one connection until it ends. Throws <see cref="RefusalException"/> where it is no such source.</summary>
    public async Task ServeAsync(UnknownConnection peer)
    {
        unknown.Introduce(peer, state.Options.HandshakeTimeout);
        await using var link = new ControlLink(peer.Socket, MigrationSide.Destination, state.Clock.Time);
        var said = await link.ReceiveAsync(HandoverLine.MostBytes, CancellationToken.None) as HandoverMessage;
        if (said is not { Side: MigrationSide.Source }) throw new RefusalException(RefusalKind.Garbage, "The first message is no question about a handover.");
        var key = new HandoverKey(said.Image, said.Attempt, MigrationSide.Destination);
        // Who does not name this journal is not the source that the handshake was with: it must not take the place of that one's connection.
        if (state.Ownership is { } own && own.Key == key && own.Line.OwnJournal == said.Journal)
        {
            if (!unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            state.Log($"the source of {key} is back and asks how the handover stands");
            await own.ServeAsync(link, said);
            return;
        }
        await TestifyAsync(link, key, said);
        _ = unknown.TryRelease(peer);
    }

    /// <summary>Within the time of a handshake: a source asks again over a new connection.</summary>
    private async Task TestifyAsync(ControlLink link, HandoverKey key, HandoverMessage said)
    {
        try
        {
            for (; ; said = await link.ReceiveAsync(HandoverLine.MostBytes, CancellationToken.None) as HandoverMessage ?? said with { Word = HandoverWord.Unknown })
            {
                var word = await Task.Run(() => LivingAttempts.Answer(said.Journal, key, said.Word) ?? Witness(key, said));
                if (word == HandoverWord.Invalid) continue;
                state.Log($"a source asks about {key}, which is no migration under way here: the answer is {word.ToString().ToLowerInvariant()}");
                await link.SendAsync(new HandoverMessage(key.Image, key.Attempt, key.Side, word, PeerJournal(key), ""), CancellationToken.None);
            }
        }
        catch (MigrationException)
        {
            // It has heard, or is gone, and comes again.
        }
    }

    private HandoverWord Witness(HandoverKey key, HandoverMessage said) =>
        state.Journal is { } journal ? new JournalWitness(journal).Hear(key, said.Journal, said.Word) : HandoverWord.Unknown;

    /// <summary>A source believes only who names its journal; where there is no record there is nothing to be believed.</summary>
    private Guid PeerJournal(HandoverKey key) =>
        state.Journal?.Read(key) is { Fault: JournalFault.None, Entries: [.., var last] } ? last.PeerJournal : Guid.Empty;
}
