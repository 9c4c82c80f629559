using DataPlane.Core.Errors;

namespace DataPlane.Results;

/// <summary>
/// The blackout of both sides on the source's clock. Time 0 is the call that stopped the guest. Segments tile it without overlap;
/// stages may overlap and name the segment they belong to. Times in microseconds.
/// </summary>
/// <param name="TotalUs">The blackout, segment <c>verify</c> not counted.</param>
/// <param name="UnaccountedUs">Total less the sum of the counted segments.</param>
/// <param name="ClockOffsetUs">Destination's clock less the source's.</param>
/// <param name="ClockErrorUs">At most how far that may be off.</param>
/// <param name="Segments">In order of time.</param>
/// <param name="Stages">In order of their start.</param>
public sealed record DowntimeBreakdown(
    double TotalUs,
    double UnaccountedUs,
    double? ClockOffsetUs,
    double? ClockErrorUs,
    IReadOnlyList<BlackoutSegment> Segments,
    IReadOnlyList<BlackoutStage> Stages);

/// <summary>A piece of the blackout. The side is null for time spent on the way.</summary>
public sealed record BlackoutSegment(string Name, MigrationSide? Side, double StartUs, double DurationUs);

/// <summary>Something that went on during a segment.</summary>
public sealed record BlackoutStage(string Name, MigrationSide Side, string Segment, double StartUs, double DurationUs);
