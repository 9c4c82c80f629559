using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Control.Handover;

/// <summary>
/// The destination's side of one attempt's handover, in the process that has the memory and holds the record's lock. Nothing but a
/// machine: it is told what happened and says what to do, in order. A value that the caller owns; one thread at a time.
/// </summary>
/// <remarks>
/// The one rule: from PREPARED two records lead on, TAKEN and NEVER, and the first that is written excludes the other. The guest is
/// resumed only when TAKEN stands, NEVER is said only when NEVER stands, and without a word from the source neither is written.
/// </remarks>
/// <param name="arbiter">Whether an arbiter is configured, on both sides.</param>
internal struct DestinationHandover(bool arbiter)
{
    private readonly bool _arbiter = arbiter;
    private bool _late;
    private bool _sourceHolds;
    private bool _closed;
    private bool _lastHeard;

    public DestinationPhase Phase { get; private set; }

    /// <summary>Nothing was heard of the source for the handover's timeout. The guest stays; anything heard later may still end that.</summary>
    public bool Uncertain { get; private set; }

    /// <summary>PREPARED was said, and neither TAKEN nor NEVER stands: nothing but the source's word, the arbiter's or an operator's ends that.</summary>
    public readonly bool Stands =>
        Phase is DestinationPhase.Prepared or DestinationPhase.Claiming or DestinationPhase.Taking or DestinationPhase.Refusing;

    /// <summary>It is decided here whose the guest is, and the source has said its last word: it asks no more.</summary>
    public readonly bool IsOver => _lastHeard && !Stands;

    public HandoverEffects On(HandoverInput input)
    {
        if (input.Event == HandoverEvent.DeadlinePassed) _late = true;
        _lastHeard |= input is { Event: HandoverEvent.Heard, Word: HandoverWord.Kept or HandoverWord.Released };
        return Phase switch
        {
            DestinationPhase.New when input.Event == HandoverEvent.Start => Go(DestinationPhase.Opening, HandoverRecord.Open),
            DestinationPhase.Opening => OnOpening(input.Event),
            DestinationPhase.Open => OnOpen(input),
            DestinationPhase.Preparing => OnPreparing(input.Event),
            DestinationPhase.Prepared => OnPrepared(input),
            DestinationPhase.Claiming => OnClaiming(input),
            DestinationPhase.Taking or DestinationPhase.Refusing => OnDeciding(input),
            DestinationPhase.Resuming => OnResuming(input),
            DestinationPhase.Returning => OnReturning(input),
            DestinationPhase.Dropped when !IsQuestion(input) => OnDropped(input.Event),
            DestinationPhase.Running or DestinationPhase.Stuck when input is { Event: HandoverEvent.Heard, Word: HandoverWord.Released } =>
                HandoverEffects.Say(HandoverWord.Over),
            _ => IsQuestion(input) ? Standing() : HandoverEffects.None,
        };
    }

    private HandoverEffects OnOpening(HandoverEvent happened)
    {
        if (happened == HandoverEvent.Recorded)
        {
            Phase = DestinationPhase.Open;
            return HandoverEffects.None;
        }
        return IsFailedRecord(happened) || happened is HandoverEvent.Abort or HandoverEvent.LinkLost ? Drop() : HandoverEffects.None;
    }

    private HandoverEffects OnOpen(HandoverInput input) => input switch
    {
        { Event: HandoverEvent.Ready } => Go(DestinationPhase.Preparing, HandoverRecord.Prepared),
        { Event: HandoverEvent.Abort or HandoverEvent.LinkLost } or { Event: HandoverEvent.Heard, Word: HandoverWord.Kept } =>
            Drop(),
        _ => HandoverEffects.None,
    };

    private HandoverEffects OnPreparing(HandoverEvent happened)
    {
        if (happened == HandoverEvent.Recorded)
        {
            Phase = DestinationPhase.Prepared;
            return HandoverEffects.Say(HandoverWord.Prepared);
        }
        // PREPARED was not said, so nothing was given: the source goes on without asking.
        return IsFailedRecord(happened) ? Drop() : HandoverEffects.None;
    }

    private HandoverEffects OnPrepared(HandoverInput input)
    {
        switch (input)
        {
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Commit or HandoverWord.CommitFromRecord }:
                _sourceHolds = input.Word == HandoverWord.Commit;
                return _late && _sourceHolds ? Refuse() : Take();
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Kept }:
                return Refuse();
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Ask }:
                return HandoverEffects.Say(HandoverWord.Prepared);
            case { Event: HandoverEvent.LinkRegained or HandoverEvent.AskDue }:
                return HandoverEffects.Say(HandoverWord.Ask);
            case { Event: HandoverEvent.Timeout }:
                Uncertain = true;
                return HandoverEffects.None;
            case { Event: HandoverEvent.Told, Side: MigrationSide.Destination }:
                _sourceHolds = false;
                return Take();
            case { Event: HandoverEvent.Told }:
                return Refuse();
            default:
                return HandoverEffects.None;
        }
    }

    private HandoverEffects OnClaiming(HandoverInput input)
    {
        switch (input.Event)
        {
            case HandoverEvent.Awarded when input.Side == MigrationSide.Destination:
                return Go(DestinationPhase.Taking, HandoverRecord.Taken);
            case HandoverEvent.Awarded:
                return Refuse();
            case HandoverEvent.ArbiterFailed:
                Phase = DestinationPhase.Prepared; // The source says COMMIT again when asked, and then the arbiter is asked again.
                return HandoverEffects.None;
            default:
                return HandoverEffects.None;
        }
    }

    /// <summary>TAKEN or NEVER is being written, under the lock: what the file says is what counts, whoever tried what before.</summary>
    private HandoverEffects OnDeciding(HandoverInput input)
    {
        var stands = input.Event switch
        {
            HandoverEvent.Recorded => Phase == DestinationPhase.Taking ? HandoverRecord.Taken : HandoverRecord.Never,
            HandoverEvent.RecordFound => input.Record,
            _ => HandoverRecord.None,
        };
        if (stands == HandoverRecord.Taken)
        {
            (Phase, Uncertain) = (DestinationPhase.Resuming, false);
            return HandoverEffects.Resume();
        }
        if (stands == HandoverRecord.Never)
        {
            (Phase, Uncertain) = (DestinationPhase.Never, false);
            return HandoverEffects.Say(HandoverWord.Never).ThenRelease();
        }
        if (!IsFailedRecord(input.Event)) return HandoverEffects.None;
        // A guest that the source can take back is better off there than here without a journal; one that it can not is kept.
        if (Phase == DestinationPhase.Taking && _sourceHolds) return Refuse();
        Phase = DestinationPhase.Prepared;
        return HandoverEffects.None;
    }

    private HandoverEffects OnResuming(HandoverInput input)
    {
        switch (input.Event)
        {
            case HandoverEvent.Resumed:
                Phase = DestinationPhase.Running;
                return Standing();
            case HandoverEvent.ResumeFailed:
                return Go(DestinationPhase.Returning, HandoverRecord.Returned);
            case HandoverEvent.ResumeFailedInside:
                Phase = DestinationPhase.Stuck;
                return Standing();
            default:
                return IsQuestion(input) ? Standing() : HandoverEffects.None;
        }
    }

    private HandoverEffects OnReturning(HandoverInput input)
    {
        if (input.Event == HandoverEvent.Recorded || input is { Event: HandoverEvent.RecordFound, Record: HandoverRecord.Returned })
        {
            Phase = DestinationPhase.Returned;
            return Standing().ThenRelease();
        }
        return input.Event == HandoverEvent.AskDue || IsQuestion(input) ? HandoverEffects.Record(HandoverRecord.Returned) : HandoverEffects.None;
    }

    private HandoverEffects OnDropped(HandoverEvent happened)
    {
        _closed |= happened is HandoverEvent.Recorded or HandoverEvent.RecordFound;
        return happened == HandoverEvent.AskDue && !_closed ? HandoverEffects.Record(HandoverRecord.Never) : HandoverEffects.None;
    }

    private readonly HandoverEffects Standing() => HandoverEffects.Say(Phase switch
    {
        DestinationPhase.Dropped => HandoverWord.Failed,
        DestinationPhase.Never => HandoverWord.Never,
        DestinationPhase.Resuming => HandoverWord.Taken,
        DestinationPhase.Running => HandoverWord.Running,
        DestinationPhase.Returned => HandoverWord.Returned,
        DestinationPhase.Stuck => HandoverWord.Died,
        _ => HandoverWord.Unknown,
    });

    private HandoverEffects Take()
    {
        if (!_arbiter) return Go(DestinationPhase.Taking, HandoverRecord.Taken);
        Phase = DestinationPhase.Claiming;
        return HandoverEffects.Claim(0);
    }

    private HandoverEffects Refuse() => Go(DestinationPhase.Refusing, HandoverRecord.Never);

    private HandoverEffects Drop()
    {
        Phase = DestinationPhase.Dropped;
        return Standing().ThenRelease().ThenRecord(HandoverRecord.Never); // Closes the file; nothing rests on it.
    }

    private HandoverEffects Go(DestinationPhase phase, HandoverRecord record)
    {
        Phase = phase;
        return HandoverEffects.Record(record);
    }

    private static bool IsQuestion(HandoverInput input) => input is
    {
        Event: HandoverEvent.Heard,
        Word: HandoverWord.Ask or HandoverWord.Commit or HandoverWord.CommitFromRecord or HandoverWord.Kept,
    };

    private static bool IsFailedRecord(HandoverEvent happened) =>
        happened is HandoverEvent.NotRecorded or HandoverEvent.RecordInDoubt or HandoverEvent.RecordFound;
}
