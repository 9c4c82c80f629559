using DataPlane.Control.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>What must hold in every state, whatever went wrong before it.</summary>
internal static class HandoverInvariants
{
    /// <summary>The first rule broken, as a sentence; null where all hold.</summary>
    public static string? Broken(in World world)
    {
        if (world.SourceHost.GuestRuns && world.DestinationHost.GuestRuns) return "Both sides run the guest.";
        if (world.SourceRanOn && world.DestinationEntered) return "The guest ran on both sides since it was stopped: one of them ran an old copy.";
        if (world.EverTaken && world.EverNever) return "The destination recorded both TAKEN and NEVER.";
        if (world.DestinationEntered && !world.EverTaken) return "The guest was resumed on the destination, and TAKEN was never recorded.";
        if (world.DestinationEntered && world.EverReturned) return "RETURNED was recorded, and a vCPU entered the guest.";
        if (WasSaid(world.ToSource, HandoverWord.Never) && !world.EverNever) return "NEVER was said and not recorded.";
        if (WasSaid(world.ToSource, HandoverWord.Returned) && !world.EverReturned) return "RETURNED was said and not recorded.";
        if (TakenWasSaid(world.ToSource) && !world.EverTaken) return "The destination said that it took the guest, and TAKEN was never recorded.";
        if (CommitWasSaid(world.ToDestination) && !world.EverGiven) return "COMMIT was said, and GIVEN was never recorded.";
        if (world.Source.Phase == SourcePhase.Released && !world.EverTaken) return "The source let go of a guest that nobody had taken.";
        if (WasSaid(world.ToSource, HandoverWord.Over) && !WasSaid(world.ToDestination, HandoverWord.Released)) return "The destination answered a last word that nobody had said.";
        if (world.Source.IsOver && world.DestinationHost.Alive && !world.Destination.IsOver)
            return "The source says nothing more, and the destination has not heard its last word.";
        if (world.SourceHost is { GuestRuns: true, HasMemory: false } || world.DestinationHost is { GuestRuns: true, HasMemory: false })
            return "A side runs the guest without its memory.";
        return null;
    }

    private static bool TakenWasSaid(ushort said) =>
        WasSaid(said, HandoverWord.Taken) || WasSaid(said, HandoverWord.Running) || WasSaid(said, HandoverWord.Died);

    private static bool CommitWasSaid(ushort said) => WasSaid(said, HandoverWord.Commit) || WasSaid(said, HandoverWord.CommitFromRecord);

    private static bool WasSaid(ushort said, HandoverWord word) => (said & (1 << (int)word)) != 0;
}
