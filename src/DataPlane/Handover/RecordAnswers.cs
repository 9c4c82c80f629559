using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>Carries out the effect <see cref="HandoverAct.Record"/>: what the journal did, as the machine's next input.</summary>
internal static class RecordAnswers
{
    public static HandoverInput Write(AttemptFile file, HandoverRecord record) => file.Write(record) switch
    {
        RecordOutcome.Written => HandoverEvent.Recorded,
        RecordOutcome.Refused => HandoverEvent.NotRecorded,
        RecordOutcome.Found => HandoverInput.Found(file.Record),
        _ => HandoverEvent.RecordInDoubt,
    };
}
