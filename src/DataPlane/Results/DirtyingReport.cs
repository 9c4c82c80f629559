namespace DataPlane.Results;

/// <summary>What a guest wrote while it was migrated, and what of it the dirty source reported.</summary>
/// <param name="AskedBytesPerSecond">The rate it was asked for, on average over its phases; null for as fast as it goes.</param>
/// <param name="AchievedBytesPerSecond">Page writes per second times 4096, from the beginning of the migration until the guest stood still.</param>
/// <param name="WrittenPages">Page writes in that time.</param>
/// <param name="ReportedPages">Pages that the dirty source reported, one as often as it did.</param>
/// <param name="DistinctPages">Pages that it reported at least once.</param>
public sealed record DirtyingReport(
    double? AskedBytesPerSecond, double AchievedBytesPerSecond, long WrittenPages, long ReportedPages, long DistinctPages);
