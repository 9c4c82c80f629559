using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Linux.Journal;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>
/// Whose the guest is in one attempt, as the destination knows it: drives the machine, writes its records, says its words. The session calls,
/// one step at a time; what the source says comes over the line. Holds the record's lock until it is disposed of.
/// </summary>
internal sealed class DestinationOwnership(HandoverKey key, HandoverJournal? journal, MigrationDestinationOptions options, SessionClock clock, SessionLog log)
    : IDisposable
{
    private readonly Arbitration _arbitration = new(options.Arbiter, clock, log, options.HandoverTimeout);
    private readonly HandoverLine _line = new(key, journal?.Id ?? Guid.NewGuid());
    private DestinationHandover _machine = new(options.Arbiter is not null);
    private AttemptRecords? _records;
    private IControlMessage? _instead;
    private ControlLink? _asking;

    public HandoverKey Key => key;

    public DestinationPhase Phase => _machine.Phase;

    public bool IsUncertain => _machine.Uncertain;

    public HandoverLine Line => _line;

    /// <summary>The folder of the records; null without a journal.</summary>
    public string? Folder => journal?.Folder;

    /// <summary>The session's connection, as long as words go over that; else null.</summary>
    public ControlLink? SessionLink => Volatile.Read(ref _asking) is null ? _line.Link : null;

    /// <summary>PREPARED stands, and neither TAKEN nor NEVER: nothing but the source's word, the arbiter's or an operator's ends that.</summary>
    public bool Stands => _machine.Stands;

    /// <summary>TAKEN stands: the host is to resume the guest, or has.</summary>
    public bool IsTaken => Phase is DestinationPhase.Resuming or DestinationPhase.Running;

    /// <summary>When PREPARED and TAKEN stood, nanoseconds of the session's clock.</summary>
    public long PreparedAt { get; private set; }

    public long TakenAt { get; private set; }

    /// <summary>When the last claim was made of the arbiter, and answered; 0 where none was.</summary>
    public (long Asked, long Answered) Arbitrated => (_arbitration.Asked, _arbitration.Answered);

    /// <summary>Called when the source comes over a new connection: what it came over before is lost, whether that has been noticed or not.</summary>
    public Action? SourceCameBack { get; set; }

    /// <summary>Whether the source can come over a new connection; not where the sockets were handed in.</summary>
    public bool CanComeBack { get; set; } = true;

    /// <summary>Names the journal and the arbiter, behind ACCEPT.</summary>
    public ValueTask NameAsync(ControlLink link, CancellationToken cancel)
    {
        _line.Use(link);
        return link.SendAsync(_line.Message(HandoverWord.Open, _line.OwnJournal, _arbitration.Id), cancel);
    }

    /// <summary>The source named its own: records OPEN. Throws <see cref="RefusalException"/> where the two do not fit or OPEN can not be recorded.</summary>
    public async Task OpenAsync(HandoverMessage said)
    {
        if (!_line.Concerns(said)) throw new RefusalException(RefusalKind.Garbage, "It names its journal for another attempt than its hello.");
        if (_arbitration.WhyOther(said.Text) is { } differs) throw new RefusalException(RefusalKind.Unfit, differs, MigrationErrorCode.Refused);
        _line.PeerJournal = said.Journal;
        try
        {
            Open(await Task.Run(() => AttemptRecords.Begin(journal, key, said.Journal, _arbitration.IsConfigured)));
        }
        catch (JournalException fault)
        {
            throw new RefusalException(RefusalKind.Unfit, fault.Message, MigrationErrorCode.OutOfResources);
        }
    }

    /// <summary>Records PREPARED, then says <paramref name="words"/>. Throws where it could not be recorded: then the guest stays on the source.</summary>
    public async ValueTask PrepareAsync(PreparedMessage words)
    {
        await StepAsync(HandoverEvent.Ready, words);
        if (Phase == DestinationPhase.Dropped)
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.OutOfResources, MigrationSide.Destination, "prepared", $"That everything is here could not be recorded in '{Folder}', so the guest is not taken."));
    }

    /// <summary>One event; returns when all that follows from it by itself has been done. <paramref name="instead"/>: said in place of a word on the session's connection.</summary>
    public async ValueTask StepAsync(HandoverInput input, IControlMessage? instead = null)
    {
        _instead = instead;
        await CarryOutAsync(_machine.On(input));
        _instead = null;
    }

    /// <summary>The migration failed before PREPARED was said: nothing of it is left but a record that says so.</summary>
    public async ValueTask DropAsync()
    {
        if (Phase == DestinationPhase.Open) await StepAsync(HandoverEvent.Abort);
        if (Phase is DestinationPhase.New or DestinationPhase.Dropped) Dispose();
    }

    /// <summary>
    /// Waits until TAKEN or NEVER stands, by what the source says when it comes. False when <paramref name="limit"/> or <paramref name="cancel"/>
    /// came first: the guest stays prepared.
    /// </summary>
    public async Task<bool> StandAsync(TimeSpan limit, CancellationToken cancel)
    {
        var patience = new Patience(clock, limit);
        while (Stands)
        {
            if (cancel.IsCancellationRequested) return false;
            if (patience.IsOver || (!CanComeBack && _line is { Link: null, IsEmpty: true }))
            {
                await StepAsync(HandoverEvent.Timeout);
                return false;
            }
            await HearAsync(patience, cancel);
        }
        return true;
    }

    /// <summary>Answers a source that may have lost the connection, until it says that it has heard, or nobody has come for so long.</summary>
    public async Task FarewellAsync()
    {
        if (Phase is DestinationPhase.Dropped or DestinationPhase.New) return;
        var patience = new Patience(clock, options.HandoverTimeout);
        while (!_machine.IsOver && !patience.IsOver) await HearAsync(patience, CancellationToken.None);
    }

    /// <summary>
    /// It is decided whose the guest is: answers the source, which may wait for that before it closes, until <paramref name="end"/> or for
    /// <paramref name="limit"/>. Undecided: no word is taken.
    /// </summary>
    public async Task AnswerUntilAsync(Task end, TimeSpan limit)
    {
        var over = Task.WhenAny(end, Task.Delay(limit));
        while (!over.IsCompleted)
        {
            if (!Stands && _line.TryRead(out var word)) await StepAsync(HandoverInput.Hear(word));
            else _ = await (Stands ? over : Task.WhenAny(over, _line.WhenHeard));
        }
    }

    /// <summary>What is to be said to a source that asks when no session drives this any more: as the machine would, and nothing is changed by it.</summary>
    public HandoverWord Answer(HandoverWord heard)
    {
        var asked = _machine;
        if (heard == HandoverWord.Released) _line.HearReleased(); // Should a session wait for that, it is not said again.
        return !Stands && asked.On(HandoverInput.Hear(heard)) is { Count: > 0 } effects && effects[0].Act == HandoverAct.Say ? effects[0].Word : HandoverWord.Unknown;
    }

    /// <summary>The source has come over <paramref name="link"/>, and said <paramref name="first"/>: words go over it from now on. Returns when it ends.</summary>
    public async Task ServeAsync(ControlLink link, HandoverMessage first)
    {
        Interlocked.Exchange(ref _asking, link)?.Abort();
        _line.Use(link);
        _ = _line.Hear(first);
        SourceCameBack?.Invoke();
        await _line.ListenAsync(link);
        _ = Interlocked.CompareExchange(ref _asking, null, link);
    }

    /// <summary>Ends the connection over which the source asks, if there is one.</summary>
    public void HangUp() => Volatile.Read(ref _asking)?.Abort();

    public void Dispose()
    {
        LivingAttempts.Remove(this);
        _records?.Dispose();
    }

    /// <summary>Lets go of the lock where another process may as well speak for this one. Else it stays as long as this process, or this object's owner, lives.</summary>
    public void Close()
    {
        if (_machine.IsOver || !(Stands || IsTaken || Phase == DestinationPhase.Returning)) Dispose();
    }

    private void Open(AttemptRecords records)
    {
        _records = records;
        _ = _machine.On(HandoverEvent.Start);
        _ = _machine.On(HandoverEvent.Recorded);
        LivingAttempts.Add(this);
    }

    private async Task HearAsync(Patience patience, CancellationToken cancel)
    {
        if (_line.TryRead(out var word))
        {
            await StepAsync(HandoverInput.Hear(word));
            return;
        }
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var round = Task.Delay(patience.Left > TimeSpan.Zero ? patience.Left : TimeSpan.Zero, clock.Time, enough.Token);
        if (await Task.WhenAny(_line.WhenHeard, round) == round) await StepAsync(HandoverEvent.AskDue);
        await enough.CancelAsync();
    }

    private async ValueTask CarryOutAsync(HandoverEffects effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects[i];
            switch (effect.Act)
            {
                case HandoverAct.Record:
                    var answer = _records!.Write(effect.Record);
                    if (effect.Record == HandoverRecord.Prepared) PreparedAt = clock.Nanoseconds;
                    if (effect.Record == HandoverRecord.Taken) TakenAt = clock.Nanoseconds;
                    await CarryOutAsync(_machine.On(answer));
                    break;
                case HandoverAct.Say:
                    var onSession = _asking is null && effect.Word is HandoverWord.Prepared or HandoverWord.Running;
                    if (!await _line.SayAsync(effect.Word, onSession ? _instead : null) && effect.Word == HandoverWord.Running)
                        log.Write("the guest runs here, but the source could not be told: it is answered when it asks");
                    break;
                case HandoverAct.Claim:
                    await CarryOutAsync(_machine.On(await _arbitration.ClaimAsync(key, effect.Turn)));
                    break;
                default: // Resume: by the session. Release: the memory is the embedder's.
                    break;
            }
        }
    }
}
