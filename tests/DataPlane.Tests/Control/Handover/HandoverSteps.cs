using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>What can happen next, to one side.</summary>
internal enum HandoverStepKind : byte
{
    Stop,
    Input,
    Hear,
    WitnessHears,
    Record,
    RecordThenKilled,
    Claim,
    Resume,
    EnterThenKilled,
    Killed,
    WitnessRecord,
    WitnessKilled,
    WitnessRecordThenKilled,
    Reboot,
}

/// <summary>One thing that can happen next.</summary>
internal readonly record struct HandoverStep(HandoverStepKind Kind, bool Source, byte What)
{
    public override string ToString()
    {
        var what = Kind switch
        {
            HandoverStepKind.Input or HandoverStepKind.Resume => ((HandoverEvent)What).ToString(),
            HandoverStepKind.Hear or HandoverStepKind.WitnessHears => ((HandoverWord)What).ToString(),
            HandoverStepKind.Record or HandoverStepKind.WitnessRecord => ((DiskOutcome)What).ToString(),
            HandoverStepKind.Claim => What switch { 0 => "answered", 1 => "heard, answer lost", _ => "not heard" },
            HandoverStepKind.Reboot => $"left {(HandoverRecord)What}",
            _ => "",
        };
        return $"{(Source ? "source" : "destination")} {Kind} {what}".TrimEnd();
    }
}

/// <summary>Every step there is, and whether and how it is taken from a state.</summary>
internal static class HandoverSteps
{
    public static HandoverStep[] All { get; } = [.. Steps()];

    /// <summary>Takes the step. False where it can not happen in this state.</summary>
    public static bool Take(HandoverScene scene, HandoverBounds bounds, HandoverStep step, ref World world)
    {
        ref var host = ref HandoverScene.HostOf(ref world, step.Source);
        switch (step.Kind)
        {
            case HandoverStepKind.Stop:
                if (world.Stopped || world.Source.Phase != SourcePhase.Open) return false;
                HandoverScene.Stop(ref world);
                return true;
            case HandoverStepKind.Input:
                return TryInput(scene, step, ref world);
            case HandoverStepKind.Hear:
                if (!host.Alive || (Inbox(world, step.Source) & (1 << step.What)) == 0) return false;
                On(scene, step.Source, ref world, HandoverInput.Hear((HandoverWord)step.What));
                return true;
            case HandoverStepKind.WitnessHears:
                // A sender that is started again looks for what is open without being asked.
                if ((Inbox(world, step.Source) & (1 << step.What)) == 0 && !(step is { Source: true, What: (byte)HandoverWord.Ask } && !host.Alive)) return false;
                scene.AskWitness(ref world, step.Source, (HandoverWord)step.What);
                return true;
            case HandoverStepKind.Record:
                if (host.Pending == HandoverRecord.None || !MayFail(ref world.DiskFaults, (DiskOutcome)step.What != DiskOutcome.Written)) return false;
                scene.CompleteRecord(ref world, step.Source, (DiskOutcome)step.What);
                return true;
            case HandoverStepKind.RecordThenKilled:
                if (host.Pending == HandoverRecord.None) return false;
                HandoverScene.WriteThenKill(ref world, step.Source);
                return true;
            case HandoverStepKind.Claim:
                if (host.Claim == 0 || !MayFail(ref world.ArbiterFaults, step.What != 0)) return false;
                scene.CompleteClaim(ref world, step.Source, heard: step.What < 2, answered: step.What == 0);
                return true;
            case HandoverStepKind.Resume:
                if (!world.Resuming) return false;
                scene.CompleteResume(ref world, (HandoverEvent)step.What);
                return true;
            case HandoverStepKind.EnterThenKilled:
                if (!world.Resuming) return false;
                world.DestinationEntered = true;
                HandoverScene.Kill(ref world, isSource: false);
                return true;
            case HandoverStepKind.Killed:
                if (!host.Alive) return false;
                HandoverScene.Kill(ref world, step.Source);
                return true;
            case HandoverStepKind.WitnessRecord:
                if (host.WitnessRecord == HandoverRecord.None || !MayFail(ref world.DiskFaults, (DiskOutcome)step.What != DiskOutcome.Written)) return false;
                scene.CompleteWitness(ref world, step.Source, (DiskOutcome)step.What);
                return true;
            case HandoverStepKind.WitnessKilled or HandoverStepKind.WitnessRecordThenKilled:
                if (host.WitnessRecord == HandoverRecord.None || !MayFail(ref world.WitnessCrashes, true)) return false;
                scene.CompleteWitness(
                    ref world, step.Source, step.Kind == HandoverStepKind.WitnessKilled ? DiskOutcome.Refused : DiskOutcome.Written, ends: true);
                return true;
            default:
                return TryReboot(bounds, step, ref world);
        }
    }

    private static IEnumerable<HandoverStep> Steps()
    {
        yield return new HandoverStep(HandoverStepKind.Stop, true, 0);
        foreach (var source in (bool[])[true, false])
        {
            foreach (var happened in (HandoverEvent[])
                [
                    HandoverEvent.Start, HandoverEvent.Ready, HandoverEvent.Give, HandoverEvent.Abort, HandoverEvent.DeadlinePassed,
                    HandoverEvent.LinkLost, HandoverEvent.LinkRegained, HandoverEvent.AskDue, HandoverEvent.Timeout,
                ])
                yield return new HandoverStep(HandoverStepKind.Input, source, (byte)happened);
            foreach (var word in Enum.GetValues<HandoverWord>().Where(word => word is not (HandoverWord.Invalid or HandoverWord.Open or HandoverWord.Unknown)))
            {
                yield return new HandoverStep(HandoverStepKind.Hear, source, (byte)word);
                yield return new HandoverStep(HandoverStepKind.WitnessHears, source, (byte)word);
            }
            foreach (var outcome in Enum.GetValues<DiskOutcome>())
                yield return new HandoverStep(HandoverStepKind.Record, source, (byte)outcome);
            foreach (var outcome in (DiskOutcome[])[DiskOutcome.Written, DiskOutcome.Refused])
                yield return new HandoverStep(HandoverStepKind.WitnessRecord, source, (byte)outcome);
            foreach (var left in Enum.GetValues<HandoverRecord>())
                yield return new HandoverStep(HandoverStepKind.Reboot, source, (byte)left);
            for (byte answer = 0; answer < 3; answer++)
                yield return new HandoverStep(HandoverStepKind.Claim, source, answer);
            foreach (var kind in (HandoverStepKind[])
                [
                    HandoverStepKind.RecordThenKilled, HandoverStepKind.Killed, HandoverStepKind.WitnessKilled,
                    HandoverStepKind.WitnessRecordThenKilled,
                ])
                yield return new HandoverStep(kind, source, 0);
        }
        foreach (var outcome in (HandoverEvent[])[HandoverEvent.Resumed, HandoverEvent.ResumeFailed, HandoverEvent.ResumeFailedInside])
            yield return new HandoverStep(HandoverStepKind.Resume, false, (byte)outcome);
        yield return new HandoverStep(HandoverStepKind.EnterThenKilled, false, 0);
    }

    private static bool TryInput(HandoverScene scene, HandoverStep step, ref World world)
    {
        var happened = (HandoverEvent)step.What;
        if (!HandoverScene.HostOf(ref world, step.Source).Alive) return false;
        if (step.Source)
        {
            // What the session promises: it gives only a stopped guest that is prepared, and does not abort once it gives.
            if (happened == HandoverEvent.Give && (world.Source.Phase != SourcePhase.Open || !world.Source.IsPrepared || !world.Stopped)) return false;
            if (happened is HandoverEvent.Ready or HandoverEvent.DeadlinePassed) return false;
            scene.Source(ref world, happened);
            return true;
        }
        if (happened == HandoverEvent.Give || (happened == HandoverEvent.Ready && !world.Stopped)) return false;
        scene.Destination(ref world, happened);
        return true;
    }

    private static bool TryReboot(HandoverBounds bounds, HandoverStep step, ref World world)
    {
        var host = HandoverScene.HostOf(ref world, step.Source);
        var left = (HandoverRecord)step.What;
        if (host.Rebooted || world.Reboots == 0) return false;
        if (left != host.Record && (bounds.Flushed || !MayBeLeft(world, left, host.Record))) return false;
        world.Reboots--;
        HandoverScene.Reboot(ref world, step.Source, left);
        return true;
    }

    /// <summary>A record that a reboot without a flush may leave on the disk.</summary>
    public static HandoverRecord Earlier(World world, HandoverRecord record, Random random)
    {
        var left = Enum.GetValues<HandoverRecord>().Where(older => older == record || MayBeLeft(world, older, record)).ToArray();
        return left[random.Next(left.Length)];
    }

    private static bool MayBeLeft(in World world, HandoverRecord left, HandoverRecord record) =>
        IsBefore(left, record) && (left != HandoverRecord.Given || world.EverGiven) && (left != HandoverRecord.Prepared || world.EverPrepared);

    /// <summary>Whether <paramref name="older"/> may have stood before <paramref name="record"/>: what a lost flush leaves on the disk.</summary>
    private static bool IsBefore(HandoverRecord older, HandoverRecord record) => older switch
    {
        HandoverRecord.None => true,
        HandoverRecord.Open => record != HandoverRecord.None,
        HandoverRecord.Prepared => record is HandoverRecord.Taken or HandoverRecord.Never or HandoverRecord.Returned,
        HandoverRecord.Taken => record == HandoverRecord.Returned,
        HandoverRecord.Given => record is HandoverRecord.Kept or HandoverRecord.Released,
        _ => false,
    };

    private static bool MayFail(ref byte left, bool fails)
    {
        if (!fails) return true;
        if (left == 0) return false;
        left--;
        return true;
    }

    private static ushort Inbox(in World world, bool source) => source ? world.ToSource : world.ToDestination;

    private static void On(HandoverScene scene, bool source, ref World world, HandoverInput input)
    {
        if (source) scene.Source(ref world, input);
        else scene.Destination(ref world, input);
    }
}
