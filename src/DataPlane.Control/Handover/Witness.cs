using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Control.Handover;

/// <summary>
/// What a witness does with a word it heard: write a record first, under the lock, where one is named; only then, and only if that
/// stands, say the word, where there is one to say.
/// </summary>
internal readonly record struct Testimony(HandoverWord Word, HandoverRecord First = HandoverRecord.None);

/// <summary>
/// Speaks for a process that has ended, from what it left in the journal: a second receiver on the same port, a sender started again.
/// It has no guest. What it can not know it does not say: unknown is never a no. Answers are answered by a last word at most, so two witnesses come to an end.
/// </summary>
internal static class Witness
{
    private static Testimony Nothing => new(HandoverWord.Invalid);

    private static Testimony Unknown => new(HandoverWord.Unknown);

    /// <summary>On the destination, when the source says <paramref name="heard"/>.</summary>
    public static Testimony OfDestination(JournalView view, HandoverWord heard) => heard switch
    {
        HandoverWord.Ask or HandoverWord.Commit or HandoverWord.CommitFromRecord or HandoverWord.Kept => OfDestination(view),
        // Who took the guest and lives waits for that word himself: it is heard by nobody in his place.
        HandoverWord.Released when view is { Locked: true, ThisJournal: true } => new(HandoverWord.Over),
        _ => Nothing,
    };

    /// <summary>On the source, when the destination says <paramref name="heard"/>; a sender that is started again asks itself.</summary>
    public static Testimony OfSource(JournalView view, HandoverWord heard) => heard switch
    {
        HandoverWord.Ask or HandoverWord.Prepared => OfSource(view),
        _ when view is not { Locked: true, ThisJournal: true, Record: HandoverRecord.Given } => Nothing,
        // What it writes down is its last word, and is waited for.
        HandoverWord.Never or HandoverWord.Returned => new(HandoverWord.Kept, First: HandoverRecord.Kept),
        HandoverWord.Running or HandoverWord.Died => new(HandoverWord.Released, First: HandoverRecord.Released),
        _ => Nothing,
    };

    private static Testimony OfDestination(JournalView view) => view switch
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

    private static Testimony OfSource(JournalView view) => view switch
    {
        { Locked: false } or { ThisJournal: false } => Unknown,
        // GIVEN may have been followed by KEPT, and that lost; but then the destination has fenced the attempt, or the arbiter has.
        { Record: HandoverRecord.Given } => new(HandoverWord.CommitFromRecord),
        { Record: HandoverRecord.Kept } => new(HandoverWord.Kept),
        { Record: HandoverRecord.Released } => new(HandoverWord.Released),
        // OPEN may have been followed by GIVEN, and that lost with the boot.
        { Record: HandoverRecord.Open, ThisBoot: true } => new(HandoverWord.Kept, First: HandoverRecord.Kept),
        _ => Unknown,
    };
}
