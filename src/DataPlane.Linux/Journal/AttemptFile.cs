using DataPlane.Core.Handover;
using Microsoft.Win32.SafeHandles;

namespace DataPlane.Linux.Journal;

/// <summary>
/// One attempt's records on one side, with their lock. Who has this object has the lock, until it is disposed of or the process ends;
/// so the process with the guest's memory keeps it as long as it has that. One thread at a time.
/// </summary>
internal sealed class AttemptFile : IDisposable
{
    private readonly HandoverJournal _journal;
    private readonly SafeFileHandle _file;
    private readonly List<HandoverEntry> _entries = [];

    /// <summary>Takes over <paramref name="file"/>, whose lock is held.</summary>
    internal AttemptFile(HandoverJournal journal, HandoverKey key, SafeFileHandle file)
    {
        (_journal, Key, _file) = (journal, key, file);
        Fault = Reread();
    }

    public HandoverKey Key { get; }

    /// <summary>Why what stands there is not known; <see cref="JournalFault.None"/> where it is.</summary>
    public JournalFault Fault { get; private set; }

    /// <summary>The record that counts; none where there is none or it is not known.</summary>
    public HandoverRecord Record => Fault == JournalFault.None && _entries.Count > 0 ? _entries[^1].Record : HandoverRecord.None;

    /// <summary>All records, oldest first.</summary>
    public IReadOnlyList<HandoverEntry> Entries => _entries;

    /// <summary>Whether the records were written in this journal, and not copied here.</summary>
    public bool IsOfThisJournal => _entries.TrueForAll(entry => entry.Journal == _journal.Id);

    /// <summary>Whether all records were written since this host booted.</summary>
    public bool IsOfThisBoot => _journal.BootId != Guid.Empty && _entries.TrueForAll(entry => entry.Boot == _journal.BootId);

    /// <summary>Whether every record was flushed to the disk before it counted.</summary>
    public bool IsFlushed => _entries.Count > 0 && _entries.TrueForAll(entry => entry.Flushed);

    /// <summary>
    /// Compare-and-set: writes <paramref name="next"/> where it may follow what stands. Returns when the record outlives this process, and
    /// this host where the journal flushes.
    /// </summary>
    public RecordOutcome Write(HandoverRecord next)
    {
        Fault = Reread();
        if (Fault != JournalFault.None) return RecordOutcome.InDoubt;
        if (Record == next) return RecordOutcome.Written;
        if (!HandoverRecords.MayFollow(Key.Side, Record, next)) return RecordOutcome.Found;
        Span<byte> bytes = stackalloc byte[HandoverEntry.Size];
        // An arbiter and the peer do not change within an attempt.
        (_entries[^1] with { Record = next, Boot = _journal.BootId, Time = _journal.Time.GetUtcNow() }).Write(bytes);
        try
        {
            RandomAccess.Write(_file, bytes, _entries.Count * (long)HandoverEntry.Size);
            if (_journal.Flush) RandomAccess.FlushToDisk(_file);
        }
        catch (IOException)
        {
            return AfterFailure();
        }
        _ = HandoverEntry.Read(bytes, out var entry);
        _entries.Add(entry);
        return RecordOutcome.Written;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A failed write is one that did not happen only if the file still shows what stood before.</summary>
    private RecordOutcome AfterFailure()
    {
        var before = _entries.Count;
        Fault = Reread();
        return Fault == JournalFault.None && _entries.Count == before && !_journal.Flush ? RecordOutcome.Refused : RecordOutcome.InDoubt;
    }

    private JournalFault Reread()
    {
        _entries.Clear();
        Span<byte> bytes = stackalloc byte[HandoverEntries.FileSize + 1]; // One more than a file has: a longer one is none.
        try
        {
            var length = RandomAccess.Read(_file, bytes, 0);
            return HandoverEntries.Read(bytes[..length], Key, _entries) switch
            {
                EntryFault.None => JournalFault.None,
                EntryFault.Empty => JournalFault.NoRecord,
                EntryFault.OtherVersion => JournalFault.OtherVersion,
                _ => JournalFault.Damaged,
            };
        }
        catch (IOException)
        {
            return JournalFault.Unreadable;
        }
    }
}
