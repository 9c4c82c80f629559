using DataPlane.Cli.Run;

namespace DataPlane.Cli.Stress.Peers;

/// <summary>A move as its destination saw it.</summary>
/// <param name="Status">Of its result.</param>
/// <param name="Error">Of its result, as one line.</param>
/// <param name="Guest">The guest's run here; null where it did not come. It goes on to run.</param>
internal sealed record PeerTaken(string Status, string? Error, GuestReport? Guest);
