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
    /// <summary>Answers the peer's question. <paramref name="askedOf"/> is the journal that the peer knows from the handshake.</summary>
    public HandoverWord Answer(HandoverKey key, Guid askedOf)
    {
        try
        {
            using var file = journal.Find(key);
            var view = View(file, askedOf);
            var testimony = key.Side == MigrationSide.Source ? Witness.OfSource(view) : Witness.OfDestination(view);
            return testimony.First == HandoverRecord.None || file.Write(testimony.First) == RecordOutcome.Written
                ? testimony.Word : HandoverWord.Unknown;
        }
        catch (JournalException)
        {
            return HandoverWord.Unknown; // No record, a lock that is held, a journal that can not be read: none of them is a no.
        }
    }

    /// <summary>On the source: writes down what the destination's answer means for an attempt that was given away. False where it means nothing.</summary>
    public bool Close(HandoverKey key, Guid askedOf, HandoverWord answer)
    {
        try
        {
            using var file = journal.Find(key);
            var record = Witness.Closing(View(file, askedOf), answer);
            return record != HandoverRecord.None && file.Write(record) == RecordOutcome.Written;
        }
        catch (JournalException)
        {
            return false;
        }
    }

    private JournalView View(AttemptFile file, Guid askedOf) => new(
        Locked: true, file.Record, ThisJournal: file.IsOfThisJournal && askedOf == journal.Id, file.IsOfThisBoot, file.IsFlushed);
}
