namespace DataPlane.Guests.Work;

/// <summary>A guest's work on one side, as it was read.</summary>
/// <param name="Points">In the order of time.</param>
/// <param name="Began">When the migration began, nanoseconds of CLOCK_MONOTONIC; null where that was not told.</param>
public sealed record GuestWorkLog(IReadOnlyList<GuestWorkPoint> Points, long? Began);
