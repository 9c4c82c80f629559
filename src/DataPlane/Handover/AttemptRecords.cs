using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Linux.Journal;

namespace DataPlane.Handover;

/// <summary>
/// One attempt's records as the machine writes them: a file with its lock, or, without a journal, a value that ends with the process. One
/// thread at a time.
/// </summary>
internal sealed class AttemptRecords : IDisposable
{
    private readonly AttemptFile? _file;
    private readonly HandoverKey _key;
    private HandoverRecord _last = HandoverRecord.Open;

    private AttemptRecords(AttemptFile? file, HandoverKey key) => (_file, _key) = (file, key);

    /// <summary>Records OPEN.</summary>
    /// <exception cref="JournalException">The attempt is known already, or the record can not be written.</exception>
    public static AttemptRecords Begin(HandoverJournal? journal, HandoverKey key, Guid peerJournal, bool arbiter) =>
        new(journal?.Begin(key, peerJournal, arbiter), key);

    /// <summary>Compare-and-set, as the machine's next input.</summary>
    public HandoverInput Write(HandoverRecord record)
    {
        if (_file is not null) return RecordAnswers.Write(_file, record);
        if (_last != record && !HandoverRecords.MayFollow(_key.Side, _last, record)) return HandoverInput.Found(_last);
        _last = record;
        return HandoverEvent.Recorded;
    }

    /// <summary>Lets go of the lock: from here on another process may speak for this one.</summary>
    public void Dispose() => _file?.Dispose();
}
