using DataPlane.Core.Errors;
using static DataPlane.Control.Timeline.BlackoutMoment;
using static DataPlane.Core.Errors.MigrationSide;

namespace DataPlane.Control.Timeline;

/// <summary>A kind of segment: the moment that ends it, and whether every blackout has it.</summary>
internal sealed record SegmentKind(BlackoutMoment End, string Name, MigrationSide? Side, MigrationSide Clock, bool Always = true);

/// <summary>The segments of a blackout in order. Their names are part of the result document.</summary>
internal static class SegmentTable
{
    public const string Verify = "verify", Wait = "pre-switchover-wait", Rollback = "rollback";

    /// <summary>Of both sides, as the source tells it.</summary>
    public static readonly SegmentKind[] Joined =
    [
        new(Stopped, "stop", Source, Source),
        new(Continued, Wait, Source, Source, Always: false),
        new(Synced, "final-sync", Source, Source),
        new(Sent, "final-memory", Source, Source),
        new(Placed, "drain", null, Destination),
        new(Loaded, "load-state", Destination, Destination),
        new(PreparedHeard, "prepared", null, Source),
        new(Verified, Verify, Source, Source, Always: false),
        new(Given, "give", Source, Source),
        new(CommitHeard, "commit", null, Destination),
        new(Arbitrated, "arbitrate", Destination, Destination, Always: false),
        new(Taken, "take", Destination, Destination),
        new(FirstInstruction, "resume", Destination, Destination),
    ];

    /// <summary>Of the destination alone, from when it hears that the guest stands.</summary>
    public static readonly SegmentKind[] OfDestination =
    [
        new(Placed, "drain", null, Destination),
        new(Loaded, "load-state", Destination, Destination),
        new(CommitHeard, "await-commit", null, Destination),
        new(Arbitrated, "arbitrate", Destination, Destination, Always: false),
        new(Taken, "take", Destination, Destination),
        new(FirstInstruction, "resume", Destination, Destination),
    ];

    /// <summary>Whether a segment's time is part of the downtime.</summary>
    public static bool Counts(string segment) => segment is not (Verify or Wait);
}
