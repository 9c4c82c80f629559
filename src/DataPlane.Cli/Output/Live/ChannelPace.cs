namespace DataPlane.Cli.Output.Live;

/// <summary>What a channel did over the last second. Shares are of that time, 0 to 1; null where they are not measured.</summary>
/// <param name="Channel">Its number.</param>
/// <param name="WireBytes">Sent or received on it since it began.</param>
/// <param name="BytesPerSecond">On the wire.</param>
/// <param name="InSocket">Inside socket calls.</param>
/// <param name="Idle">With nothing to send.</param>
internal sealed record ChannelPace(int Channel, long WireBytes, double? BytesPerSecond, double? InSocket, double? Idle);
