using DataPlane.Core.Errors;

namespace DataPlane.Results;

/// <summary>
/// The blackout of both sides on the source's clock, completed or called off. Time 0 is the guest's last instruction, where the host knows it,
/// else the call that stopped it. Segments tile it without overlap; stages may overlap and name the segment they belong to. The result of a
/// destination has its part alone, on its own clock, from hearing that the guest stands. Times in microseconds.
/// </summary>
/// <param name="TotalUs">
/// From the first moment to the last, segments <c>verify</c> and <c>pre-switchover-wait</c> not counted. Where it was called off, how long the guest
/// stood still on the source.
/// </param>
/// <param name="UnaccountedUs">Total less the sum of the counted segments.</param>
/// <param name="ClockOffsetUs">Destination's clock less the source's.</param>
/// <param name="ClockErrorUs">At most how far that, and so a time of the destination, may be off.</param>
/// <param name="Segments">In order of time.</param>
/// <param name="Stages">In order of their start.</param>
public sealed record DowntimeBreakdown(
    double TotalUs,
    double UnaccountedUs,
    double? ClockOffsetUs,
    double? ClockErrorUs,
    IReadOnlyList<BlackoutSegment> Segments,
    IReadOnlyList<BlackoutStage> Stages)
{
    /// <summary>By how much the destination's clock gains on the source's, parts per million, as far as it could be told.</summary>
    public double? ClockDriftPpm { get; init; }

    /// <summary>Whether it ended with the guest running on the destination.</summary>
    public bool Completed { get; init; } = true;
}

/// <summary>A piece of the blackout. The side is null for time spent on the way.</summary>
public sealed record BlackoutSegment(string Name, MigrationSide? Side, double StartUs, double DurationUs);

/// <summary>Something that went on during a segment.</summary>
public sealed record BlackoutStage(string Name, MigrationSide Side, string Segment, double StartUs, double DurationUs);
