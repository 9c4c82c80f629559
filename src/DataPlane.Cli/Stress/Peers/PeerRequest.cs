namespace DataPlane.Cli.Stress.Peers;

/// <summary>One line of a peer's standard input.</summary>
/// <param name="Do">What to do.</param>
/// <param name="Address">Listen: where. Send: to whom.</param>
internal sealed record PeerRequest(PeerOrder Do, string? Address = null);
