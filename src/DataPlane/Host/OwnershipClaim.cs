using DataPlane.Core.Errors;

namespace DataPlane.Host;

/// <summary>The question which side a guest belongs to. All but the claimant names the question; the first claim is the answer.</summary>
/// <param name="Image">The guest image: the same for every attempt to move one guest.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Turn">0; or 1 for the source's claim after a destination that had been awarded the guest has given it back.</param>
/// <param name="Claimant">The side that asks for the guest.</param>
public readonly record struct OwnershipClaim(Guid Image, uint Attempt, int Turn, MigrationSide Claimant);
