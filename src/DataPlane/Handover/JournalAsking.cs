using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Journal;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Handover;

/// <summary>
/// Says to a destination what a source whose process has ended left in its journal, and writes down what the destination answers: a guest
/// that was given away it may take, one that was not it will never take.
/// </summary>
internal sealed class JournalAsking(HandoverJournal journal, MigrationAddress to, TimeProvider time)
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    // For the answer to a last word: what was asked is known by then.
    private static readonly TimeSpan OverTime = TimeSpan.FromSeconds(1);

    /// <summary>What the destination said last; invalid where it was not asked, because the records know nothing to say. Throws <see cref="MigrationException"/> where it can not be reached.</summary>
    public async Task<HandoverWord> AskAsync(HandoverKey key, CancellationToken cancel)
    {
        var witness = new JournalWitness(journal);
        // As if the destination had asked: what a source started again says to that is what it says by itself.
        var word = witness.Hear(key, journal.Id, HandoverWord.Ask);
        if (word is HandoverWord.Unknown or HandoverWord.Invalid) return HandoverWord.Invalid;
        var peer = journal.Read(key).Entries[^1].PeerJournal;
        var line = new HandoverLine(key, journal.Id) { PeerJournal = peer };
        using var socket = await SessionSockets.ConnectAsync(to, ConnectTime, cancel);
        await using var link = new ControlLink(socket, MigrationSide.Source, time);
        await link.SendRawAsync(HandoverLine.Opening(), cancel);
        await link.SendAsync(line.Message(word, peer, ""), cancel);
        line.Use(link);
        var answers = await HearAsync(witness, line, link, word, cancel);
        return answers;
    }

    private async Task<HandoverWord> HearAsync(JournalWitness witness, HandoverLine line, ControlLink link, HandoverWord own, CancellationToken cancel)
    {
        var last = HandoverWord.Unknown;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            while (await link.ReceiveAsync(HandoverLine.MostBytes, patience.Token) is HandoverMessage said)
            {
                if (!line.Concerns(said) || said.Journal != journal.Id) continue;
                if (said.Word == HandoverWord.Over && last != HandoverWord.Unknown) break; // What it said before is the answer.
                last = said.Word;
                var answer = last is HandoverWord.Ask or HandoverWord.Prepared ? own : witness.Hear(line.Key, journal.Id, last);
                if (answer is not (HandoverWord.Invalid or HandoverWord.Unknown)) _ = await line.SayAsync(answer);
                if (last is HandoverWord.Running or HandoverWord.Died) patience.CancelAfter(OverTime);
                else if (last is not (HandoverWord.Ask or HandoverWord.Prepared or HandoverWord.Taken)) break;
            }
        }
        catch (Exception ended) when (ended is MigrationException or OperationCanceledException or SocketException)
        {
            // What was heard before counts.
        }
        return last;
    }
}
