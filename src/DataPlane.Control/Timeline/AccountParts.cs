using DataPlane.Core.Errors;

namespace DataPlane.Control.Timeline;

/// <summary>A piece of the blackout on one clock, nanoseconds from its start. Side null: on the way.</summary>
internal readonly record struct AccountSegment(string Name, MigrationSide? Side, long Start, long Duration)
{
    public long End => Start + Duration;
}

/// <summary>Something that went on during a segment; its index says which section, where it is one's.</summary>
internal readonly record struct AccountStage(string Name, int? Section, MigrationSide Side, string Segment, long Start, long Duration);
