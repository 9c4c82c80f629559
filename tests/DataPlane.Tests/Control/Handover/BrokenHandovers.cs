using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>
/// Handovers with one fault each, such as somebody could write. The search that does not find the fault is not to be trusted with the
/// real one.
/// </summary>
internal static class BrokenHandovers
{
    /// <summary>The guest runs while TAKEN is still being written.</summary>
    internal sealed class ResumesBeforeTaken : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) =>
            machine.On(input) is var effects && Writes(effects, HandoverRecord.Taken)
                ? machine.On(HandoverEvent.Recorded).ThenRecord(HandoverRecord.Taken) : effects;
    }

    /// <summary>The destination refuses by word of mouth.</summary>
    internal sealed class NeverWithoutRecord : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) =>
            machine.On(input) is var effects && Writes(effects, HandoverRecord.Never) && machine.Phase == DestinationPhase.Refusing
                ? machine.On(HandoverEvent.Recorded) : effects;
    }

    /// <summary>COMMIT leaves while GIVEN is still being written.</summary>
    internal sealed class CommitBeforeGiven : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(input) is var effects && Writes(effects, HandoverRecord.Given) ? effects.ThenSay(HandoverWord.Commit) : effects;
    }

    /// <summary>What QEMU does: no word from the destination is taken for a no.</summary>
    internal sealed class SourceResumesOnTimeout : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(machine.Phase == SourcePhase.Given && input.Event == HandoverEvent.Timeout ? HandoverInput.Hear(HandoverWord.Never) : input);
    }

    /// <summary>The same for a lost connection.</summary>
    internal sealed class SourceResumesOnUnknown : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(machine.Phase == SourcePhase.Given && input.Event == HandoverEvent.LinkLost ? HandoverInput.Hear(HandoverWord.Never) : input);
    }

    /// <summary>A failed write of GIVEN is taken for no write.</summary>
    internal sealed class DoubtTakenForNo : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(machine.Phase == SourcePhase.Giving && input.Event == HandoverEvent.RecordInDoubt ? HandoverEvent.NotRecorded : input);
    }

    /// <summary>A prepared destination that is tired of waiting goes away.</summary>
    internal sealed class DestinationDropsPrepared : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input)
        {
            if (machine.Phase != DestinationPhase.Prepared || input.Event != HandoverEvent.Timeout) return machine.On(input);
            machine = default;
            return HandoverEffects.Release();
        }
    }

    /// <summary>A prepared destination that is tired of waiting takes what it has.</summary>
    internal sealed class DestinationTakesUnasked : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) =>
            machine.On(machine.Phase == DestinationPhase.Prepared && input.Event == HandoverEvent.Timeout ? HandoverInput.Hear(HandoverWord.Commit) : input);
    }

    /// <summary>A resume that failed half-way is called off.</summary>
    internal sealed class ReturnsAfterEntry : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) =>
            machine.On(input.Event == HandoverEvent.ResumeFailedInside ? HandoverEvent.ResumeFailed : input);
    }

    /// <summary>The destination does not ask the arbiter that the source asks.</summary>
    internal sealed class OnlySourceAsksArbiter : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) =>
            machine.On(input) is var effects && Claims(effects) ? machine.On(HandoverInput.Award(MigrationSide.Destination)) : effects;
    }

    /// <summary>The source does not ask the arbiter that the destination asks.</summary>
    internal sealed class OnlyDestinationAsksArbiter : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(input) is var effects && Claims(effects) ? machine.On(HandoverInput.Award(MigrationSide.Source)) : effects;
    }

    /// <summary>No answer of the arbiter is taken for a yes.</summary>
    internal sealed class SilentArbiterTakenForYes : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(input.Event == HandoverEvent.ArbiterFailed ? HandoverInput.Award(MigrationSide.Source) : input);
    }

    /// <summary>A second receiver answers for one that lives.</summary>
    internal sealed class WitnessWithoutLock : HandoverRules
    {
        public override Testimony DestinationWitness(JournalView view, HandoverWord heard) => base.DestinationWitness(view with { Locked = true }, heard);
    }

    /// <summary>A second sender answers for one that lives.</summary>
    internal sealed class SourceWitnessWithoutLock : HandoverRules
    {
        public override Testimony SourceWitness(JournalView view, HandoverWord heard) => base.SourceWitness(view with { Locked = true }, heard);
    }

    /// <summary>A second receiver says NEVER and does not write it down.</summary>
    internal sealed class WitnessWithoutRecord : HandoverRules
    {
        public override Testimony DestinationWitness(JournalView view, HandoverWord heard) => base.DestinationWitness(view, heard) with { First = HandoverRecord.None };
    }

    /// <summary>PREPARED from before a reboot counts, though TAKEN may have followed it.</summary>
    internal sealed class OldBootBelieved : HandoverRules
    {
        public override Testimony DestinationWitness(JournalView view, HandoverWord heard) => base.DestinationWitness(view with { ThisBoot = true }, heard);
    }

    /// <summary>No record is taken for a no.</summary>
    internal sealed class NoRecordTakenForNo : HandoverRules
    {
        public override Testimony DestinationWitness(JournalView view, HandoverWord heard) =>
            view is { Locked: true, Record: HandoverRecord.None } ? new Testimony(HandoverWord.Never) : base.DestinationWitness(view, heard);
    }

    /// <summary>A sender that is started again resumes nothing, but leaves what it finds given as it is.</summary>
    internal sealed class GivenNotSaidAgain : HandoverRules
    {
        public override Testimony SourceWitness(JournalView view, HandoverWord heard) =>
            base.SourceWitness(view, heard) is { Word: not HandoverWord.CommitFromRecord } other ? other : new Testimony(HandoverWord.Unknown);
    }

    /// <summary>The source lets go of the guest when the destination has written TAKEN, without waiting for what follows it.</summary>
    internal sealed class ReleasesOnTaken : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.On(input.Word == HandoverWord.Taken ? HandoverInput.Hear(HandoverWord.Running) : input);
    }

    /// <summary>The source says its last word once, and takes it to have arrived.</summary>
    internal sealed class LastWordSaidOnce : HandoverRules
    {
        public override HandoverEffects Source(ref SourceHandover machine, HandoverInput input) =>
            machine.Phase == SourcePhase.Released && input.Event is HandoverEvent.AskDue or HandoverEvent.LinkRegained && machine.IsClosed
                ? HandoverEffects.None : machine.On(input);
    }

    /// <summary>The destination hears the last word and does not say so.</summary>
    internal sealed class LastWordNotAnswered : HandoverRules
    {
        public override HandoverEffects Destination(ref DestinationHandover machine, HandoverInput input) =>
            machine.On(input) is var effects && input is { Event: HandoverEvent.Heard, Word: HandoverWord.Released } ? HandoverEffects.None : effects;
    }

    /// <summary>A second receiver takes the last word for one that lives, which goes on waiting for it.</summary>
    internal sealed class LastWordHeardByAnother : HandoverRules
    {
        public override Testimony DestinationWitness(JournalView view, HandoverWord heard) =>
            base.DestinationWitness(heard == HandoverWord.Released ? view with { Locked = true } : view, heard);
    }

    private static bool Writes(HandoverEffects effects, HandoverRecord record)
    {
        for (var i = 0; i < effects.Count; i++)
            if (effects[i].Act == HandoverAct.Record && effects[i].Record == record) return true;
        return false;
    }

    private static bool Claims(HandoverEffects effects) => effects.Count > 0 && effects[0].Act == HandoverAct.Claim;
}
