using DataPlane.Guests;
using DataPlane.Guests.Work;

namespace DataPlane.Cli.Stress.Peers;

/// <summary>A move as its source saw it.</summary>
/// <param name="Result">The result document.</param>
/// <param name="Running">Whether the guest still ran here, and goes on to.</param>
/// <param name="Invariant">Of the guest, stopped for the look where it ran.</param>
/// <param name="Work">Its own work here.</param>
internal sealed record PeerSent(string Result, bool Running, InvariantReport Invariant, GuestWorkLog Work);
