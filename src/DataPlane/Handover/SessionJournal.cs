using DataPlane.Core.Errors;
using DataPlane.Host;
using DataPlane.Linux.Journal;
using DataPlane.Rehearsing;

namespace DataPlane.Handover;

/// <summary>The journal that a side's options name, opened before anything else: a side that can keep no records begins nothing.</summary>
internal static class SessionJournal
{
    /// <summary>
    /// Null where <paramref name="folder"/> is empty, which is the explicit wish to go without. What is settled and old is tidied away. Blocks:
    /// for a thread of the pool. A rehearsal's records are written as in earnest and nowhere: it may be killed at any time, and nobody would tidy up after it.
    /// </summary>
    /// <exception cref="MigrationException">out-of-resources: the journal can not be used.</exception>
    public static HandoverJournal? Open(IMigrationHost host, string? folder, bool flush, MigrationSide side)
    {
        if (host is RehearsalHost) return HandoverJournal.Nameless();
        if (folder is { Length: 0 }) return null;
        try
        {
            var journal = HandoverJournal.Open(folder ?? JournalFolder.Default, flush);
            JournalTidy.Run(journal);
            return journal;
        }
        catch (JournalException fault)
        {
            throw new MigrationException(
                new MigrationError(
                    MigrationErrorCode.OutOfResources, side, "journal",
                    $"{fault.Message} No guest is moved without records of who has it: name a folder of this user on a local disk (--journal)."),
                fault);
        }
    }
}
