namespace DataPlane.Results;

/// <summary>
/// One data channel of a running migration, seen from this side. The times add up since the channel began; two looks tell what it did between them. Null
/// where they are not measured (on the destination).
/// </summary>
/// <param name="Channel">Its number from 0.</param>
/// <param name="WireBytes">Bytes sent or received on it.</param>
/// <param name="BusyMs">With work to do, socket calls included.</param>
/// <param name="BlockedMs">Inside socket calls.</param>
/// <param name="IdleMs">With nothing to send.</param>
public sealed record ChannelProgress(int Channel, long WireBytes, double? BusyMs, double? BlockedMs, double? IdleMs);
