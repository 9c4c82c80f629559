using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>How a handover may end once nothing goes wrong any more.</summary>
internal enum HandoverEnd
{
    RunsOnSource,
    RunsOnDestination,

    /// <summary>The process that was killed, or that failed inside the resume, had the guest, and both records say so.</summary>
    DiedWithItsHolder,

    /// <summary>A host rebooted and its journal can not tell what was done last: listed as uncertain.</summary>
    UncertainAfterReboot,

    /// <summary>It runs nowhere, and none of the above is why: the handover is wrong.</summary>
    RunsNowhere,

    /// <summary>It runs on the destination, and one of the two waits for a word that does not come: the handover is wrong.</summary>
    RunsUnfinished,

    /// <summary>The handover is wrong, and the search comes to the very state by itself.</summary>
    RunsTwice,
}

/// <summary>
/// From any state: faults stop, the link is up, whoever ended is started again, what is said arrives, what is asked is answered. Tells
/// where that leads. What was said before is not needed for it, and is left out.
/// </summary>
internal sealed class HandoverHealing(HandoverRules rules, HandoverBounds bounds)
{
    private const int MostRounds = 12;

    private readonly HandoverScene _scene = new(rules, bounds);
    private readonly Queue<(bool FromSource, HandoverWord Word)> _said = new();
    private readonly Dictionary<World, HandoverEnd> _known = new(new WorldComparer());

    public HandoverEnd End(World world)
    {
        (world.ToDestination, world.ToSource) = (0, 0);
        _scene.Said ??= (fromSource, word) => _said.Enqueue((fromSource, word));
        if (_known.TryGetValue(world, out var end)) return end;
        var start = world;
        for (var round = 0; round < MostRounds && !IsSettled(world); round++) Round(ref world, round);
        return _known[start] = Judge(world);
    }

    private static bool IsSettled(in World world) =>
        world.Source is { Phase: SourcePhase.Kept, IsClosed: true } or { Phase: SourcePhase.Released, IsClosed: true, IsOver: true }
        && world.Destination.Phase is DestinationPhase.Running or DestinationPhase.Never or DestinationPhase.Returned or DestinationPhase.Dropped or DestinationPhase.Stuck
        && world.DestinationHost is { Pending: HandoverRecord.None } && !world.Resuming;

    private void Round(ref World world, int round)
    {
        Complete(ref world);
        Nudge(ref world, round);
        for (var steps = 0; steps < 100 && (_said.Count > 0 || IsPending(world)); steps++)
        {
            Complete(ref world);
            if (_said.TryDequeue(out var said)) Deliver(ref world, said.FromSource, said.Word);
        }
        _said.Clear();
    }

    private void Nudge(ref World world, int round)
    {
        // Timers last: the waits are long beside an answer.
        var timer = round % 3 == 2 ? HandoverEvent.Timeout : HandoverEvent.AskDue;
        if (!world.SourceHost.Alive) _scene.AskWitness(ref world, isSource: true, HandoverWord.Ask);
        else _scene.Source(ref world, world.Source.Phase is SourcePhase.New ? HandoverEvent.Start : world.Source.Phase is SourcePhase.Open ? HandoverEvent.Abort : timer);
        if (!world.DestinationHost.Alive) return;
        _scene.Destination(
            ref world, world.Destination.Phase is DestinationPhase.New or DestinationPhase.Open ? HandoverEvent.Abort : timer);
    }

    private void Deliver(ref World world, bool fromSource, HandoverWord word)
    {
        if (fromSource && world.DestinationHost.Alive) _scene.Destination(ref world, HandoverInput.Hear(word));
        else if (fromSource) _scene.AskWitness(ref world, isSource: false, word);
        else if (world.SourceHost.Alive) _scene.Source(ref world, HandoverInput.Hear(word));
        else if (word is not HandoverWord.Unknown) _scene.AskWitness(ref world, isSource: true, word);
    }

    private static bool IsPending(in World world) =>
        world.Resuming || IsPending(world.SourceHost) || IsPending(world.DestinationHost);

    private static bool IsPending(in HandoverHost host) =>
        host.Pending != HandoverRecord.None || host.Claim != 0 || host.WitnessRecord != HandoverRecord.None;

    private void Complete(ref World world)
    {
        foreach (var isSource in (ReadOnlySpan<bool>)[true, false])
        {
            ref var host = ref HandoverScene.HostOf(ref world, isSource);
            if (host.WitnessRecord != HandoverRecord.None) _scene.CompleteWitness(ref world, isSource, DiskOutcome.Written);
            if (host.Pending != HandoverRecord.None) _scene.CompleteRecord(ref world, isSource, DiskOutcome.Written);
            if (host.Claim != 0) _scene.CompleteClaim(ref world, isSource, heard: true, answered: true);
        }
        if (world.Resuming) _scene.CompleteResume(ref world, HandoverEvent.Resumed);
    }

    /// <summary>A source that lives hears that its last word has come; and whoever speaks for one that does not says that word too, where its journal can tell.</summary>
    private static bool IsUnfinished(in World world) => world.SourceHost switch
    {
        { Alive: true } => world.Source.Phase == SourcePhase.Released && !(world.Source.IsOver && world.Destination.IsOver),
        { Record: HandoverRecord.Given or HandoverRecord.Released } => !world.Destination.IsOver,
        _ => false,
    };

    private HandoverEnd Judge(in World world)
    {
        var (source, destination) = (world.SourceHost, world.DestinationHost);
        if (source.GuestRuns && destination.GuestRuns) return HandoverEnd.RunsTwice;
        if (source.GuestRuns) return HandoverEnd.RunsOnSource;
        if (destination.GuestRuns) return IsUnfinished(world) ? HandoverEnd.RunsUnfinished : HandoverEnd.RunsOnDestination;
        var lostOnSource = !source.Alive && source.Record is HandoverRecord.None or HandoverRecord.Open or HandoverRecord.Kept
            && (!world.EverGiven || source.Record == HandoverRecord.Kept)
            && (destination.Record is not (HandoverRecord.Prepared or HandoverRecord.Taken) || world.Destination.Phase == DestinationPhase.Dropped);
        var lostOnDestination = (!destination.Alive || world.Destination.Phase == DestinationPhase.Stuck)
            && source.Record == HandoverRecord.Released && destination.Record == HandoverRecord.Taken;
        if (lostOnSource || lostOnDestination) return HandoverEnd.DiedWithItsHolder;
        // What is listed as uncertain, and nothing beyond it: a journal whose last record a reboot may have undone.
        var sourceCanNotTell = source.Rebooted && source.Record is HandoverRecord.None or HandoverRecord.Open;
        var destinationCanNotTell = destination.Rebooted
            && (destination.Record is HandoverRecord.None or HandoverRecord.Open or HandoverRecord.Prepared
                || (destination.Record == HandoverRecord.Taken && !bounds.Flushed));
        return sourceCanNotTell || destinationCanNotTell ? HandoverEnd.UncertainAfterReboot : HandoverEnd.RunsNowhere;
    }
}
