namespace DataPlane.Results;

/// <summary>
/// Pages that arrived with other contents than their checksum: mostly written by the guest just while they were sent, and sent again. One
/// that is left fails the migration.
/// </summary>
/// <param name="Seen">How often a page became suspect.</param>
/// <param name="Cleared">How often a later copy cleared one.</param>
public sealed record SuspectPagesReport(long Seen, long Cleared);
