using DataPlane.Core.Errors;

namespace DataPlane.Host;

/// <summary>
/// Decides which side has a guest when the sides can not tell each other: something that both reach and that outlives either. With one
/// configured, the destination takes the guest only when it is awarded it, and so does a source that resumes after it has given the guest
/// away. Both sides must be given the same arbiter; they compare <see cref="Id"/> at the handshake.
/// </summary>
/// <remarks>
/// The contract is a compare-and-set that is never undone: for one image, attempt and turn the first claim is the verdict, for ever and
/// for everybody. There is no lease and no expiry: an award that ran out would leave a guest running that belongs to the other side.
/// Its time is part of the blackout.
/// </remarks>
public interface IOwnershipArbiter
{
    /// <summary>What this arbiter is, the same text on both hosts; at most 200 characters. Two stores that are not one must differ.</summary>
    string Id { get; }

    /// <summary>
    /// Claims the guest for a side. Returns whom it belongs to: the claimant, or the side that claimed it first. May be called again with
    /// the same claim. Throwing means that it is not known, not even whether the claim was heard; it is asked again then. For any thread.
    /// </summary>
    ValueTask<MigrationSide> DecideAsync(OwnershipClaim claim, CancellationToken cancel);
}
