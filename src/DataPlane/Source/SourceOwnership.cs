using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Linux.Journal;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Source;

/// <summary>
/// Whose the guest is in one attempt, as the source knows it: drives the machine, writes its records, says its words. The control loop
/// calls, one step at a time; what the destination says comes over the line. Holds the record's lock until it is disposed of.
/// </summary>
internal sealed class SourceOwnership(HandoverKey key, MigrationOptions options, SessionClock clock, SessionLog log) : IDisposable
{
    private readonly Arbitration _arbitration = new(options.Arbiter, clock, log, options.HandoverTimeout);
    private SourceHandover _machine = new(options.Arbiter is not null);
    private HandoverLine _line = new(key, Guid.Empty);
    private HandoverJournal? _journal;
    private AttemptRecords? _records;
    private IControlMessage? _instead;
    private HandoverEffects _owed;

    public HandoverKey Key => key;

    public SourcePhase Phase => _machine.Phase;

    /// <summary>Whether OPEN stands: this attempt was begun, and is not begun again.</summary>
    public bool IsRecorded => _records is not null;

    /// <summary>Whether the guest is the destination's.</summary>
    public bool IsReleased => Phase is SourcePhase.Released;

    /// <summary>The destination took the guest and lost it.</summary>
    public bool Died => _machine.Died;

    public bool IsUncertain => _machine.Uncertain;

    /// <summary>Whether the destination has heard that nobody will ask it any more.</summary>
    public bool IsOver => _machine.IsOver;

    /// <summary>Where words come from and go to.</summary>
    public HandoverLine Line => _line;

    /// <summary>SWITCHOVER is about to be sent: from here on the destination may be prepared, and has to hear what became of it.</summary>
    public bool DestinationMayBePrepared { get; set; }

    /// <summary>When GIVEN stood, nanoseconds of the session's clock.</summary>
    public long GivenAt { get; private set; }

    /// <summary>When the last claim was made of the arbiter, and answered; 0 where none was.</summary>
    public (long Asked, long Answered) Arbitrated => (_arbitration.Asked, _arbitration.Answered);

    /// <summary>Whether the arbiter has awarded the guest to this side.</summary>
    public bool IsAwarded => _arbitration.Verdict == MigrationSide.Source;

    /// <summary>The folder of the records; null without a journal.</summary>
    public string? Folder => _journal?.Folder;

    /// <summary>Opens the journal, before the destination is called.</summary>
    public async Task OpenJournalAsync(IMigrationHost host)
    {
        _journal = await Task.Run(() => SessionJournal.Open(host, options.Journal, options.JournalSync, MigrationSide.Source));
        _line = new HandoverLine(key, _journal?.Id ?? Guid.NewGuid());
    }

    /// <summary>
    /// Behind ACCEPT: hears the destination's journal and arbiter, records OPEN, names its own. Throws <see cref="MigrationException"/> where the
    /// two do not go by the same arbiter, or OPEN can not be recorded.
    /// </summary>
    public async Task OpenAsync(ControlLink link, CancellationToken cancel)
    {
        var opened = await link.ReceiveAsync(2 * HandoverLine.MostBytes, cancel) switch
        {
            HandoverMessage { Word: HandoverWord.Open } said when _line.Concerns(said) => said,
            FailedMessage failed => throw new MigrationException(Faults.FromPeer(failed, MigrationSide.Source)),
            var other => throw Failed(MigrationErrorCode.ProtocolViolation, "handshake", $"The destination sent {other.Type.Name()} where it was to name its journal."),
        };
        if (_arbitration.WhyOther(opened.Text) is { } differs) throw Failed(MigrationErrorCode.Refused, "handshake", differs);
        _line.PeerJournal = opened.Journal;
        try
        {
            _records = await Task.Run(() => AttemptRecords.Begin(_journal, key, opened.Journal, _arbitration.IsConfigured), cancel);
        }
        catch (JournalException fault)
        {
            throw Failed(MigrationErrorCode.OutOfResources, "handshake", fault.Message);
        }
        _ = _machine.On(HandoverEvent.Start);
        _ = _machine.On(HandoverEvent.Recorded);
        await link.SendAsync(_line.Message(HandoverWord.Open, _line.OwnJournal, _arbitration.Id), cancel);
        _line.Use(link);
    }

    /// <summary>
    /// Records GIVEN, then says COMMIT. Throws where GIVEN was certainly not written: then the guest is still the source's. Where it may have been
    /// the destination is asked to fence the attempt, and its answer is awaited like any other.
    /// </summary>
    public async ValueTask GiveAsync()
    {
        await StepAsync(HandoverInput.Hear(HandoverWord.Prepared));
        _instead = new CommitMessage();
        await StepAsync(HandoverEvent.Give);
        _instead = null;
        if (Phase == SourcePhase.Kept)
            throw Failed(MigrationErrorCode.OutOfResources, "give", $"That the guest is given away could not be recorded in '{Folder}', so it is not.");
    }

    /// <summary>One event; returns when all that follows from it by itself has been done.</summary>
    public async ValueTask StepAsync(HandoverInput input) => await CarryOutAsync(_machine.On(input));

    /// <summary>A fault, before the guest was given away: it is the source's for good. What the destination is told comes after the guest runs.</summary>
    public ValueTask KeepAsync() => StepAsync(HandoverEvent.Abort);

    /// <summary>The guest runs here again: what was put off for it.</summary>
    public async ValueTask ResumedAsync()
    {
        var owed = _owed;
        _owed = default;
        await CarryOutAsync(owed);
        if (!_machine.IsClosed) await StepAsync(HandoverEvent.AskDue); // Once more: nothing rests on it but what the journal tells later.
    }

    public void Dispose() => _records?.Dispose();

    private async ValueTask CarryOutAsync(HandoverEffects effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects[i];
            switch (effect.Act)
            {
                case HandoverAct.Record:
                    var answer = _records?.Write(effect.Record) ?? HandoverEvent.NotRecorded;
                    if (effect.Record == HandoverRecord.Given) GivenAt = clock.Nanoseconds;
                    await StepAsync(answer);
                    break;
                case HandoverAct.Say:
                    _ = await _line.SayAsync(effect.Word, effect.Word == HandoverWord.Commit ? _instead : null);
                    break;
                case HandoverAct.Claim:
                    await StepAsync(await _arbitration.ClaimAsync(key, effect.Turn));
                    break;
                case HandoverAct.Release: // The memory is the embedder's, who lets go of it by the result.
                    break;
                case HandoverAct.Resume: // By the session, which has to take back first what was let go of; the rest waits for it.
                    for (i++; i < effects.Count; i++) _owed = _owed.Then(effects[i]);
                    break;
            }
        }
    }

    private static MigrationException Failed(MigrationErrorCode code, string step, string message) =>
        new(new MigrationError(code, MigrationSide.Source, step, message));
}
