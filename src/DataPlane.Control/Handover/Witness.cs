using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Control.Handover;

/// <summary>What a witness does when it is asked: write this record first, under the lock, where one is named; only then say the word.</summary>
internal readonly record struct Testimony(HandoverWord Word, HandoverRecord First = HandoverRecord.None);

/// <summary>
/// Speaks for a process that has ended, from what it left in the journal: a second receiver on the same port, a sender started again.
/// It has no guest. What it can not know it does not say: unknown is never a no.
/// </summary>
internal static class Witness
{
    private static Testimony Unknown => new(HandoverWord.Unknown);

    /// <summary>On the destination, asked by the source.</summary>
    public static Testimony OfDestination(JournalView view) => view switch
    {
        { Locked: false } or { ThisJournal: false } => Unknown,
        { Record: HandoverRecord.Prepared, ThisBoot: true } => new(HandoverWord.Never, First: HandoverRecord.Never),
        // NEVER and RETURNED are followed by nothing, so an old copy of them is as good as a new one.
        { Record: HandoverRecord.Never } => new(HandoverWord.Never),
        { Record: HandoverRecord.Returned } => new(HandoverWord.Returned),
        // TAKEN may have been followed by RETURNED, and that lost with the boot.
        { Record: HandoverRecord.Taken } when view.ThisBoot || view.Flushed => new(HandoverWord.Died),
        _ => Unknown,
    };

    /// <summary>On the source, asked by the destination or started to end what is open.</summary>
    public static Testimony OfSource(JournalView view) => view switch
    {
        { Locked: false } or { ThisJournal: false } => Unknown,
        // GIVEN may have been followed by KEPT, and that lost; but then the destination has fenced the attempt, or the arbiter has.
        { Record: HandoverRecord.Given } => new(HandoverWord.CommitFromRecord),
        { Record: HandoverRecord.Kept } => new(HandoverWord.Kept),
        // OPEN may have been followed by GIVEN, and that lost with the boot.
        { Record: HandoverRecord.Open, ThisBoot: true } => new(HandoverWord.Kept, First: HandoverRecord.Kept),
        _ => Unknown,
    };

    /// <summary>On the source: the record that the destination's answer leads to, none where it changes nothing.</summary>
    public static HandoverRecord Closing(JournalView view, HandoverWord answer) => view switch
    {
        not { Locked: true, ThisJournal: true, Record: HandoverRecord.Given } => HandoverRecord.None,
        _ when answer is HandoverWord.Never or HandoverWord.Returned => HandoverRecord.Kept,
        _ when answer is HandoverWord.Running or HandoverWord.Died => HandoverRecord.Released,
        _ => HandoverRecord.None,
    };
}
