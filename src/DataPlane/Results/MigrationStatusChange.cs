namespace DataPlane.Results;

/// <summary>A migration went on from one status to the next.</summary>
/// <param name="From">Where it was.</param>
/// <param name="To">Where it is.</param>
/// <param name="Attempt">The attempt that moved, from 1. The next attempt begins at <see cref="MigrationStatus.None"/> again.</param>
/// <param name="Elapsed">Since this attempt began.</param>
public sealed record MigrationStatusChange(MigrationStatus From, MigrationStatus To, int Attempt, TimeSpan Elapsed);
