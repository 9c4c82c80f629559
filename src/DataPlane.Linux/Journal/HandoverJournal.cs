using DataPlane.Core.Handover;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Linux.Journal;

/// <summary>
/// A folder of handover records: one file for each image, attempt and side, and one that names the journal. A folder that is replaced
/// by another, or restored from a copy elsewhere, is another journal. For any thread.
/// </summary>
internal sealed class HandoverJournal
{
    private const string IdFile = "journal-id";

    private HandoverJournal(string folder, Guid id, Guid bootId, bool flush, TimeProvider time) =>
        (Folder, Id, BootId, Flush, Time) = (folder, id, bootId, flush, time);

    public string Folder { get; }

    public Guid Id { get; }

    /// <summary>The kernel's name for the time since the host booted.</summary>
    public Guid BootId { get; }

    /// <summary>Whether a record is on the disk before it counts.</summary>
    public bool Flush { get; }

    internal TimeProvider Time { get; }

    /// <summary>Opens the journal in <paramref name="folder"/>, and makes both where they are not there.</summary>
    /// <exception cref="JournalException">It can not be had; see <see cref="JournalFault"/>.</exception>
    public static HandoverJournal Open(string folder, bool flush = false, TimeProvider? time = null) =>
        Guarded(folder, JournalFault.Unwritable, () =>
        {
            JournalFolder.Make(folder);
            JournalFolder.RefuseOthers(folder);
            var id = WriteOnceFile.Write(Path.Combine(folder, IdFile), Guid.NewGuid().ToString("N"), flush);
            return With(folder, id, flush, time ?? TimeProvider.System);
        });

    /// <summary>Opens a journal that is there, to look into it.</summary>
    /// <exception cref="JournalException">There is none, or it can not be read.</exception>
    public static HandoverJournal OpenExisting(string folder) => Guarded(folder, JournalFault.Unreadable, () =>
    {
        if (!Directory.Exists(folder)) throw new JournalException(JournalFault.Unreadable, $"There is no folder '{folder}'.");
        JournalFolder.RefuseOthers(folder);
        var id = WriteOnceFile.TryRead(Path.Combine(folder, IdFile))
            ?? throw new JournalException(JournalFault.NoRecord, $"'{folder}' holds no journal: it has no file '{IdFile}'.");
        return With(folder, id, flush: false, TimeProvider.System);
    });

    /// <summary>
    /// A journal that is in no folder, for a rehearsal: what it records is in files without a name, which are gone with whoever holds them, however that ends.
    /// Nobody else can look into it.
    /// </summary>
    public static HandoverJournal Nameless() => new("", Guid.NewGuid(), HostFacts.BootId, flush: false, TimeProvider.System);

    /// <summary>Records OPEN for an attempt that this journal does not know. The lock is held by what is returned.</summary>
    /// <exception cref="JournalException">The attempt is known, or the record can not be written.</exception>
    public AttemptFile Begin(HandoverKey key, Guid peerJournal, bool arbiter)
    {
        var path = Path.Combine(Folder, key.FileName);
        return Guarded(path, JournalFault.Unwritable, () =>
        {
            SafeFileHandle file;
            try
            {
                file = Folder.Length == 0
                    ? NamelessFile.Open(key.FileName)
                    : File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (IOException) when (File.Exists(path))
            {
                throw new JournalException(
                    JournalFault.Exists, $"The journal '{Folder}' knows {key} already: an attempt is begun once. Begin the next attempt.");
            }
            try
            {
                if (!FileLock.TryTake(file)) throw Locked(key);
                var bytes = new byte[HandoverEntries.FileSize];
                new HandoverEntry(key, HandoverRecord.Open, Id, BootId, peerJournal, Time.GetUtcNow(), Flush, arbiter).Write(bytes);
                RandomAccess.Write(file, bytes, 0);
                if (Flush)
                {
                    RandomAccess.FlushToDisk(file);
                    JournalFolder.Flush(Folder);
                }
                return new AttemptFile(this, key, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens an attempt's records for a process that does not have the guest. The lock is held by what is returned.</summary>
    /// <exception cref="JournalException">There are none, they can not be read, or another process holds the lock.</exception>
    public AttemptFile Find(HandoverKey key)
    {
        var path = Path.Combine(Folder, key.FileName);
        return Guarded(path, JournalFault.Unreadable, () =>
        {
            if (!File.Exists(path)) throw new JournalException(JournalFault.NoRecord, $"The journal '{Folder}' has no record of {key}.");
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                return FileLock.TryTake(file) ? new AttemptFile(this, key, file) : throw Locked(key);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
    }

    /// <summary>What stands in an attempt's file and whether its lock is held, without keeping the lock: for people.</summary>
    public AttemptReading Read(HandoverKey key)
    {
        var path = Path.Combine(Folder, key.FileName);
        var entries = new List<HandoverEntry>();
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[HandoverEntries.FileSize + 1];
            var fault = HandoverEntries.Read(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0)), key, entries) switch
            {
                EntryFault.None => JournalFault.None,
                EntryFault.Empty => JournalFault.NoRecord,
                EntryFault.OtherVersion => JournalFault.OtherVersion,
                _ => JournalFault.Damaged,
            };
            return new AttemptReading(key, entries, fault, FileLock.IsHeld(file));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return new AttemptReading(key, entries, JournalFault.Unreadable, IsHeld: false);
        }
    }

    /// <summary>All attempts that have a file, in the order of their names.</summary>
    public IReadOnlyList<HandoverKey> Attempts() => Guarded(Folder, JournalFault.Unreadable, () =>
        Directory.EnumerateFiles(Folder, "*" + HandoverKey.FileSuffix).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .Select(name => (Good: HandoverKey.TryParse(name!, out var key), Key: key)).Where(read => read.Good).Select(read => read.Key).ToArray());

    private static HandoverJournal With(string folder, string id, bool flush, TimeProvider time) =>
        Guid.TryParseExact(id, "N", out var journal)
            ? new HandoverJournal(folder, journal, HostFacts.BootId, flush, time)
            : throw new JournalException(JournalFault.Damaged, $"'{Path.Combine(folder, IdFile)}' does not name a journal.");

    private static JournalException Locked(HandoverKey key) =>
        new(JournalFault.Locked, $"Another process holds the records of {key}: the one with the guest's memory lives.");

    private static T Guarded<T>(string path, JournalFault fault, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failed) when (failed is IOException and not JournalException or UnauthorizedAccessException)
        {
            throw new JournalException(fault, $"The journal at '{path}' can not be used: {failed.Message}", failed);
        }
    }
}
