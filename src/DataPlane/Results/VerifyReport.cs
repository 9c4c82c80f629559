using DataPlane.Options;

namespace DataPlane.Results;

/// <summary>The comparison before the handover.</summary>
/// <param name="Mode">What was compared.</param>
/// <param name="Pages">Pages compared one by one; 0 for a digest.</param>
/// <param name="Mismatched">Pages that differed.</param>
public sealed record VerifyReport(VerifyMode Mode, long Pages, long Mismatched);
