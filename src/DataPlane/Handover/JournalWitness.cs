using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>
/// Answers for a process that has ended, from this host's journal: what a receiver says that is asked about a guest it does not have, and
/// a sender that is started again. Any thread.
/// </summary>
internal sealed class JournalWitness(HandoverJournal journal)
{
    /// <summary>
    /// What to say to the peer that said <paramref name="heard"/>; <see cref="HandoverWord.Invalid"/> where nothing is to be said.
    /// <paramref name="askedOf"/> is the journal that the peer knows from the handshake. What is written stands when this returns.
    /// </summary>
    public HandoverWord Hear(HandoverKey key, Guid askedOf, HandoverWord heard)
    {
        var isSource = key.Side == MigrationSide.Source;
        try
        {
            using var file = journal.Find(key);
            var view = View(file, askedOf);
            var testimony = isSource ? Witness.OfSource(view, heard) : Witness.OfDestination(view, heard);
            return testimony.First == HandoverRecord.None || file.Write(testimony.First) == RecordOutcome.Written
                ? testimony.Word : HandoverWord.Unknown;
        }
        catch (JournalException)
        {
            // No record, a lock that is held, a journal that can not be read: none of them is a no.
            return (isSource ? Witness.OfSource(default, heard) : Witness.OfDestination(default, heard)).Word;
        }
    }

    private JournalView View(AttemptFile file, Guid askedOf) => new(
        Locked: true, file.Record, ThisJournal: file.IsOfThisJournal && askedOf == journal.Id, file.IsOfThisBoot, file.IsFlushed);
}
