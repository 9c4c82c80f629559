namespace DataPlane.Peer;

/// <summary>A guest that was stopped for a look.</summary>
/// <param name="Running">Whether it ran until then, and runs again.</param>
/// <param name="Holds">Whether its pages count what its vCPUs wrote.</param>
/// <param name="Writes">What its vCPUs wrote in all its life.</param>
/// <param name="Moves">How often it has moved, as its device's state says.</param>
/// <param name="Words">All of it for people.</param>
internal sealed record GuestLook(bool Running, bool Holds, long Writes, long Moves, string Words);
