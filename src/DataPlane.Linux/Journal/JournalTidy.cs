using DataPlane.Core.Errors;
using DataPlane.Core.Handover;

namespace DataPlane.Linux.Journal;

/// <summary>
/// Takes away records that say whose guest it is and that nobody asks for any more, so that a journal does not grow with the guests that
/// have come and gone. What is undecided is never touched, nor what a living process holds. A record that is gone is answered by
/// <c>unknown</c>, so nothing rests on when this happens.
/// </summary>
internal static class JournalTidy
{
    /// <summary>A day: 24 times the longest that a side asks by itself.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>The newest of the settled that stay whatever their age: 4 MB of files of one block each.</summary>
    public const int Most = 1000;

    /// <summary>Never throws: a journal that can not be tidied can still be written.</summary>
    public static void Run(HandoverJournal journal)
    {
        try
        {
            var before = journal.Time.GetUtcNow().UtcDateTime - Kept;
            var files = new DirectoryInfo(journal.Folder).EnumerateFiles("*" + HandoverKey.FileSuffix)
                .Select(file => (file.Name, Written: file.LastWriteTimeUtc)).OrderByDescending(file => file.Written).ToArray();
            for (var i = 0; i < files.Length; i++)
                if ((i >= Most || files[i].Written < before) && HandoverKey.TryParse(files[i].Name, out var key)) TakeAway(journal, key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Tried again when the next attempt begins.
        }
    }

    private static void TakeAway(HandoverJournal journal, HandoverKey key)
    {
        try
        {
            using var file = journal.Find(key);
            if (IsSettled(key.Side, file.Record)) File.Delete(Path.Combine(journal.Folder, key.FileName));
        }
        catch (JournalException)
        {
            // Held by a process that lives, or gone already.
        }
    }

    // OPEN on the destination is nothing that anybody could be told: the guest is the source's, and the witness says unknown to it.
    private static bool IsSettled(MigrationSide side, HandoverRecord record) => record switch
    {
        HandoverRecord.Open => side == MigrationSide.Destination,
        HandoverRecord.Taken or HandoverRecord.Never or HandoverRecord.Returned or HandoverRecord.Kept or HandoverRecord.Released => true,
        _ => false,
    };
}
