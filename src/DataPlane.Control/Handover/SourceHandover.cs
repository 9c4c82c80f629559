using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Control.Handover;

/// <summary>
/// The source's side of one attempt's handover, in the process that has the guest's memory. Nothing but a machine: it is told what
/// happened and says what to do, in order. A value that the caller owns; one thread at a time.
/// </summary>
/// <remarks>
/// The one rule: from the moment GIVEN may stand in the journal, the guest is resumed here only when the destination has recorded that
/// it will not run it (NEVER, RETURNED), or the arbiter has awarded it to the source, or an operator vouches that the destination is off.
/// </remarks>
/// <param name="arbiter">Whether an arbiter is configured, on both sides.</param>
internal struct SourceHandover(bool arbiter)
{
    private readonly bool _arbiter = arbiter;
    private bool _recall;
    private bool _fenced;
    private byte _turn;

    public SourcePhase Phase { get; private set; }

    /// <summary>PREPARED was heard: the guest can be given away.</summary>
    public bool IsPrepared { get; private set; }

    /// <summary>Nobody knows for now which side has the guest. Anything heard later may still end that.</summary>
    public bool Uncertain { get; private set; }

    /// <summary>The destination took the guest and lost it: nobody runs it, and nobody may.</summary>
    public bool Died { get; private set; }

    /// <summary>The record that ends the attempt stands. Nothing rests on it but what the journal tells later; AskDue tries it again.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The destination has said that it has heard that nobody asks it any more. Until then AskDue tells it again.</summary>
    public bool IsOver { get; private set; }

    public HandoverEffects On(HandoverInput input) => Phase switch
    {
        SourcePhase.New when input.Event == HandoverEvent.Start => Start(),
        SourcePhase.Opening => OnOpening(input.Event),
        SourcePhase.Open => OnOpen(input),
        SourcePhase.Giving => OnGiving(input),
        SourcePhase.Given => OnGiven(input),
        SourcePhase.Claiming => OnClaiming(input),
        SourcePhase.Releasing => OnReleasing(input.Event),
        SourcePhase.Kept when input is { Event: HandoverEvent.Heard, Word: HandoverWord.Prepared or HandoverWord.Ask } =>
            HandoverEffects.Say(HandoverWord.Kept),
        SourcePhase.Kept => OnClosing(input.Event, HandoverRecord.Kept),
        SourcePhase.Released => OnReleased(input),
        _ => HandoverEffects.None,
    };

    private HandoverEffects Start()
    {
        Phase = SourcePhase.Opening;
        return HandoverEffects.Record(HandoverRecord.Open);
    }

    private HandoverEffects OnOpening(HandoverEvent happened)
    {
        if (happened == HandoverEvent.Recorded)
        {
            Phase = SourcePhase.Open;
            return HandoverEffects.None;
        }
        // Without a record there is no handover. What has been said of it is nothing: the guest has not even stopped.
        return IsFailedRecord(happened) || happened is HandoverEvent.Abort or HandoverEvent.LinkLost ? Keep() : HandoverEffects.None;
    }

    private HandoverEffects OnOpen(HandoverInput input)
    {
        switch (input)
        {
            case { Event: HandoverEvent.Give } when IsPrepared:
                Phase = SourcePhase.Giving;
                return HandoverEffects.Record(HandoverRecord.Given);
            case { Event: HandoverEvent.Give }:
                throw new InvalidOperationException("The guest is given away only after the destination said PREPARED.");
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Prepared }:
                IsPrepared = true;
                return HandoverEffects.None;
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Ask }:
                return HandoverEffects.Say(HandoverWord.Unknown); // Not decided yet, and no answer binds: the session is still on.
            case { Event: HandoverEvent.Abort or HandoverEvent.LinkLost }:
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Failed or HandoverWord.Never }:
                return Keep();
            default:
                return HandoverEffects.None;
        }
    }

    private HandoverEffects OnGiving(HandoverInput input)
    {
        switch (input.Event)
        {
            case HandoverEvent.Recorded:
                Phase = SourcePhase.Given;
                return HandoverEffects.Say(HandoverWord.Commit);
            case HandoverEvent.NotRecorded or HandoverEvent.RecordFound:
                return Keep();
            case HandoverEvent.RecordInDoubt:
                // If it stands and this process ends, the next one says COMMIT: a guest resumed here could then be taken as it was at the
                // stop. So COMMIT is not said, and the destination is asked to fence the attempt before the guest runs again.
                (Phase, _recall) = (SourcePhase.Given, true);
                return HandoverEffects.Say(HandoverWord.Kept);
            default:
                return HandoverEffects.None;
        }
    }

    private HandoverEffects OnGiven(HandoverInput input)
    {
        switch (input.Event)
        {
            case HandoverEvent.Heard:
                return OnGivenHeard(input.Word);
            case HandoverEvent.LinkRegained or HandoverEvent.AskDue:
                return _fenced ? Claim() : HandoverEffects.Say(_recall ? HandoverWord.Kept : HandoverWord.Ask);
            case HandoverEvent.Timeout when _arbiter && _turn == 0:
                return Claim();
            case HandoverEvent.Timeout:
                Uncertain = true;
                return HandoverEffects.None;
            case HandoverEvent.Told when input.Side == MigrationSide.Destination:
                return Release();
            case HandoverEvent.Told:
                return _arbiter ? Claim() : Keep();
            default:
                return HandoverEffects.None;
        }
    }

    private HandoverEffects OnGivenHeard(HandoverWord word)
    {
        switch (word)
        {
            case HandoverWord.Running or HandoverWord.Died:
                Died = word == HandoverWord.Died;
                return Release();
            case HandoverWord.Never or HandoverWord.Returned:
                _fenced = true;
                return _arbiter ? Claim() : Keep();
            case HandoverWord.Prepared or HandoverWord.Ask:
                return HandoverEffects.Say(_recall ? HandoverWord.Kept : HandoverWord.Commit);
            default:
                return HandoverEffects.None;
        }
    }

    private HandoverEffects OnClaiming(HandoverInput input)
    {
        switch (input)
        {
            case { Event: HandoverEvent.Heard, Word: HandoverWord.Never or HandoverWord.Returned }:
                _fenced = true;
                return HandoverEffects.None;
            case { Event: HandoverEvent.Awarded, Side: MigrationSide.Source }:
                return Keep();
            case { Event: HandoverEvent.Awarded } when _fenced && _turn == 0:
                // The destination had been awarded the guest and gave it back: the second verdict is the source's for the asking.
                _turn = 1;
                return HandoverEffects.Claim(_turn);
            case { Event: HandoverEvent.Awarded or HandoverEvent.ArbiterFailed }:
                (Phase, Uncertain) = (SourcePhase.Given, true);
                return HandoverEffects.None;
            default:
                return HandoverEffects.None;
        }
    }

    private HandoverEffects OnReleasing(HandoverEvent happened)
    {
        // The destination has the guest whatever this side manages to write down.
        if (happened != HandoverEvent.Recorded && !IsFailedRecord(happened)) return HandoverEffects.None;
        Phase = SourcePhase.Released;
        IsClosed = happened is HandoverEvent.Recorded or HandoverEvent.RecordFound;
        return HandoverEffects.Release().ThenSay(HandoverWord.Released);
    }

    /// <summary>The last word may be lost like any other, and the destination goes on answering until it has heard it.</summary>
    private HandoverEffects OnReleased(HandoverInput input)
    {
        IsOver |= input is { Event: HandoverEvent.Heard, Word: HandoverWord.Over };
        var effects = OnClosing(input.Event, HandoverRecord.Released);
        return !IsOver && input.Event is HandoverEvent.AskDue or HandoverEvent.LinkRegained ? effects.ThenSay(HandoverWord.Released) : effects;
    }

    private HandoverEffects OnClosing(HandoverEvent happened, HandoverRecord record)
    {
        IsClosed |= happened is HandoverEvent.Recorded or HandoverEvent.RecordFound;
        return happened == HandoverEvent.AskDue && !IsClosed ? HandoverEffects.Record(record) : HandoverEffects.None;
    }

    private HandoverEffects Claim()
    {
        Phase = SourcePhase.Claiming;
        return HandoverEffects.Claim(_turn);
    }

    private HandoverEffects Release()
    {
        (Phase, Uncertain) = (SourcePhase.Releasing, false);
        return HandoverEffects.Record(HandoverRecord.Released);
    }

    /// <summary>The guest first. The record closes the file; nothing rests on it.</summary>
    private HandoverEffects Keep()
    {
        (Phase, Uncertain) = (SourcePhase.Kept, false);
        return HandoverEffects.Resume().ThenSay(HandoverWord.Kept).ThenRecord(HandoverRecord.Kept);
    }

    private static bool IsFailedRecord(HandoverEvent happened) =>
        happened is HandoverEvent.NotRecorded or HandoverEvent.RecordInDoubt or HandoverEvent.RecordFound;
}
