using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>How the migration ended, seen from the destination.</summary>
/// <param name="Result">The result.</param>
/// <param name="Guest">The guest's run here; null where it did not come.</param>
internal sealed record DestinationOutcome(MigrationResult Result, GuestReport? Guest);
