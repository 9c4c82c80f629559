namespace DataPlane.Source;

/// <summary>Which guest, which attempt to move it, and whether another may follow.</summary>
internal readonly record struct AttemptId(Guid Image, uint Number, bool MayRetry);
