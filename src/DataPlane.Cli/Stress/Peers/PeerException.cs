namespace DataPlane.Cli.Stress.Peers;

/// <summary>A peer did not do what it was told; the message is a sentence.</summary>
internal sealed class PeerException(string message) : Exception(message);
