using System.Runtime.InteropServices;
using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>
/// Everything there is during one handover: both machines, both journals, the network, the arbiter, and what really happened to the
/// guest. Bytes only, and no references, so that a state is compared and hashed as it lies in memory.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = Size)]
internal struct World
{
    public const int Size = 56;

    /// <summary>
    /// Words ever said, a bit each. Any of them may arrive now, later, again or not at all: loss, delay, reorder and duplication
    /// without a bound.
    /// </summary>
    public ushort ToDestination, ToSource;

    public SourceHandover Source;
    public DestinationHandover Destination;
    public HandoverHost SourceHost, DestinationHost;

    /// <summary>Resume was asked of the destination's host, and it has not answered.</summary>
    public bool Resuming;

    /// <summary>The verdicts of the arbiter: 0 none yet, 1 the source, 2 the destination.</summary>
    public byte Verdict, SecondVerdict;

    /// <summary>The guest was stopped for the blackout; whatever runs after it is the one history or another.</summary>
    public bool Stopped;

    /// <summary>The guest ran on the source after the stop; a vCPU entered it on the destination.</summary>
    public bool SourceRanOn, DestinationEntered;

    /// <summary>Records that stood at some time, whatever a reboot made of them since.</summary>
    public bool EverPrepared, EverGiven, EverTaken, EverNever, EverReturned;

    /// <summary>Faults still to come.</summary>
    public byte DiskFaults, ArbiterFaults, WitnessCrashes, Reboots;

    public static World New(HandoverBounds bounds) => new()
    {
        Source = new SourceHandover(bounds.Arbiter),
        Destination = new DestinationHandover(bounds.Arbiter),
        SourceHost = new HandoverHost { Alive = true, HasMemory = true, GuestRuns = true },
        DestinationHost = new HandoverHost { Alive = true, HasMemory = true },
        DiskFaults = bounds.DiskFaults,
        ArbiterFaults = bounds.Arbiter ? bounds.ArbiterFaults : (byte)0,
        WitnessCrashes = bounds.WitnessCrashes,
        Reboots = bounds.Reboots,
    };
}

/// <summary>Compares and hashes worlds by their bytes.</summary>
internal sealed class WorldComparer : IEqualityComparer<World>
{
    public bool Equals(World a, World b) => Words(ref a).SequenceEqual(Words(ref b));

    public int GetHashCode(World world)
    {
        var hash = 0UL;
        foreach (var word in Words(ref world)) hash = (hash ^ word) * 0x9E37_79B9_7F4A_7C15 ^ (hash >> 29);
        return (int)(hash ^ (hash >> 32));
    }

    private static Span<ulong> Words(ref World world) => MemoryMarshal.Cast<World, ulong>(new Span<World>(ref world));
}

/// <summary>How much may go wrong in one search. The network is never bounded.</summary>
/// <param name="Arbiter">Whether one is configured.</param>
/// <param name="Flushed">Whether records are flushed to the disk before they count; else a reboot may undo the last of them.</param>
/// <param name="DiskFaults">Records refused, or in doubt.</param>
/// <param name="ArbiterFaults">Questions to the arbiter that get no answer, heard or not.</param>
/// <param name="WitnessCrashes">Crashes of processes that stand in for one that ended; those with the guest crash anyway.</param>
/// <param name="Reboots">Hosts that reboot.</param>
internal sealed record HandoverBounds(
    bool Arbiter = false, bool Flushed = false, byte DiskFaults = 1, byte ArbiterFaults = 1, byte WitnessCrashes = 1, byte Reboots = 1);
