using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>
/// Writes the records of both sides once, to a journal of its own that is gone afterwards, so that none is written for the first time while a
/// guest stands. The rehearsal's migrations keep theirs in memory: nobody is to find them in a journal.
/// </summary>
internal static class HandoverRehearsal
{
    /// <summary>Throws <see cref="IOException"/> where there is no room for it, which harms nothing.</summary>
    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("dataplane-rehearsal-").FullName;
        try
        {
            var journal = HandoverJournal.Open(folder);
            Write(journal, MigrationSide.Destination, HandoverRecord.Prepared, HandoverRecord.Taken);
            Write(journal, MigrationSide.Source, HandoverRecord.Given, HandoverRecord.Released);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(HandoverJournal journal, MigrationSide side, HandoverRecord first, HandoverRecord second)
    {
        using var records = AttemptRecords.Begin(journal, new HandoverKey(Guid.NewGuid(), 1, side), Guid.Empty, arbiter: false);
        _ = records.Write(first);
        _ = records.Write(second);
    }
}
