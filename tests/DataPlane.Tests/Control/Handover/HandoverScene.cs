using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>How the writing of a record ends.</summary>
internal enum DiskOutcome
{
    Written,
    Refused,
    InDoubtWritten,
    InDoubtLost,
}

/// <summary>
/// What surrounds the machines: carries out what they ask for, one thing at a time, and hands back what came of it. Used by the
/// exhaustive search and by the simulator, which differ only in who picks what happens next.
/// </summary>
internal sealed class HandoverScene(HandoverRules rules, HandoverBounds bounds)
{
    /// <summary>Told of each word as it is said; to the destination, or to the source.</summary>
    public Action<bool, HandoverWord>? Said { get; set; }

    public void Source(ref World world, HandoverInput input)
    {
        var effects = rules.Source(ref world.Source, input);
        for (var i = 0; i < effects.Count; i++)
            Carry(ref world, ref world.SourceHost, effects[i], isSource: true);
    }

    public void Destination(ref World world, HandoverInput input)
    {
        var effects = rules.Destination(ref world.Destination, input);
        for (var i = 0; i < effects.Count; i++)
            Carry(ref world, ref world.DestinationHost, effects[i], isSource: false);
    }

    public static void Stop(ref World world) => (world.SourceHost.GuestRuns, world.Stopped) = (false, true);

    public void CompleteRecord(ref World world, bool isSource, DiskOutcome outcome)
    {
        ref var host = ref HostOf(ref world, isSource);
        var record = host.Pending;
        (host.Pending, host.Next) = (host.Next, HandoverRecord.None);
        HandoverInput answer = outcome switch
        {
            DiskOutcome.Refused => HandoverEvent.NotRecorded,
            DiskOutcome.InDoubtLost => HandoverEvent.RecordInDoubt,
            _ when !TryWrite(ref world, isSource, record) => HandoverInput.Found(host.Record),
            DiskOutcome.InDoubtWritten => HandoverEvent.RecordInDoubt,
            _ => HandoverEvent.Recorded,
        };
        On(ref world, isSource, answer);
    }

    /// <summary>The arbiter: the first claim stands for ever.</summary>
    public void CompleteClaim(ref World world, bool isSource, bool heard, bool answered)
    {
        ref var host = ref HostOf(ref world, isSource);
        ref var verdict = ref host.Claim == 2 ? ref world.SecondVerdict : ref world.Verdict;
        host.Claim = 0;
        if (heard && verdict == 0) verdict = isSource ? (byte)1 : (byte)2;
        On(ref world, isSource, answered
            ? HandoverInput.Award(verdict == 1 ? MigrationSide.Source : MigrationSide.Destination) : HandoverEvent.ArbiterFailed);
    }

    public void CompleteResume(ref World world, HandoverEvent outcome)
    {
        world.Resuming = false;
        if (outcome != HandoverEvent.ResumeFailed) world.DestinationEntered = true;
        world.DestinationHost.GuestRuns = outcome == HandoverEvent.Resumed;
        Destination(ref world, outcome);
    }

    /// <summary>The record stands, and the process that wrote it ends before it learns that.</summary>
    public static void WriteThenKill(ref World world, bool isSource)
    {
        _ = TryWrite(ref world, isSource, HostOf(ref world, isSource).Pending);
        Kill(ref world, isSource);
    }

    /// <summary>The process with the guest ends, and its lock, memory and guest with it.</summary>
    public static void Kill(ref World world, bool isSource)
    {
        ref var host = ref HostOf(ref world, isSource);
        (host.Alive, host.HasMemory, host.GuestRuns) = (false, false, false);
        (host.Pending, host.Next, host.Claim) = (HandoverRecord.None, HandoverRecord.None, 0);
        if (isSource)
        {
            world.Source = default;
            return;
        }
        world.Destination = default;
        world.Resuming = false;
    }

    /// <summary>The whole host starts again, with <paramref name="left"/> on its disk.</summary>
    public static void Reboot(ref World world, bool isSource, HandoverRecord left)
    {
        Kill(ref world, isSource);
        ref var host = ref HostOf(ref world, isSource);
        (host.Rebooted, host.Record) = (true, left);
        (host.WitnessRecord, host.WitnessWord) = (HandoverRecord.None, HandoverWord.Invalid);
    }

    /// <summary>A process that has no guest is asked, or looks for itself. It does one thing after another.</summary>
    public void AskWitness(ref World world, bool isSource, HandoverWord question)
    {
        ref var host = ref HostOf(ref world, isSource);
        if (host.WitnessRecord != HandoverRecord.None) return;
        var view = new JournalView(Locked: !host.Alive, host.Record, ThisJournal: true, ThisBoot: !host.Rebooted, bounds.Flushed);
        var testimony = isSource ? rules.SourceWitness(view, question) : rules.DestinationWitness(view, question);
        if (testimony.First == HandoverRecord.None) Say(ref world, isSource, testimony.Word);
        else (host.WitnessRecord, host.WitnessWord) = (testimony.First, testimony.Word);
    }

    /// <summary>The witness's write ends; it speaks only if the record stands, and only if it lives on.</summary>
    public void CompleteWitness(ref World world, bool isSource, DiskOutcome outcome, bool ends = false)
    {
        ref var host = ref HostOf(ref world, isSource);
        var (record, word) = (host.WitnessRecord, host.WitnessWord);
        (host.WitnessRecord, host.WitnessWord) = (HandoverRecord.None, HandoverWord.Invalid);
        if (outcome != DiskOutcome.Written || !TryWrite(ref world, isSource, record) || ends) return;
        Say(ref world, isSource, word);
    }

    private void On(ref World world, bool isSource, HandoverInput input)
    {
        if (isSource) Source(ref world, input);
        else Destination(ref world, input);
    }

    private void Carry(ref World world, ref HandoverHost host, HandoverEffect effect, bool isSource)
    {
        switch (effect.Act)
        {
            case HandoverAct.Record when host.Pending == HandoverRecord.None:
                host.Pending = effect.Record;
                break;
            case HandoverAct.Record when host.Pending != effect.Record:
                host.Next = effect.Record;
                break;
            case HandoverAct.Say:
                Say(ref world, isSource, effect.Word);
                break;
            case HandoverAct.Claim:
                host.Claim = (byte)(effect.Turn + 1);
                break;
            case HandoverAct.Release:
                host.HasMemory = false;
                break;
            case HandoverAct.Resume when isSource:
                host.GuestRuns = true;
                world.SourceRanOn |= world.Stopped;
                break;
            case HandoverAct.Resume:
                world.Resuming = true;
                break;
        }
    }

    private void Say(ref World world, bool isSource, HandoverWord word)
    {
        if (word == HandoverWord.Invalid) return;
        // Said and heard by nobody who acts on it: leaving it out of the state leaves states out that differ in nothing else.
        if (word != HandoverWord.Unknown)
        {
            if (isSource) world.ToDestination |= (ushort)(1 << (int)word);
            else world.ToSource |= (ushort)(1 << (int)word);
        }
        Said?.Invoke(isSource, word);
    }

    private static bool TryWrite(ref World world, bool isSource, HandoverRecord record)
    {
        ref var host = ref HostOf(ref world, isSource);
        var side = isSource ? MigrationSide.Source : MigrationSide.Destination;
        if (host.Record != record && !HandoverRecords.MayFollow(side, host.Record, record)) return false;
        host.Record = record;
        world.EverPrepared |= record == HandoverRecord.Prepared;
        world.EverGiven |= record == HandoverRecord.Given;
        world.EverTaken |= record == HandoverRecord.Taken;
        world.EverNever |= record == HandoverRecord.Never;
        world.EverReturned |= record == HandoverRecord.Returned;
        return true;
    }

    public static ref HandoverHost HostOf(ref World world, bool isSource) => ref isSource ? ref world.SourceHost : ref world.DestinationHost;
}
