namespace DataPlane.Results;

/// <summary>One data channel, seen from this side.</summary>
/// <param name="Channel">Its number from 0.</param>
/// <param name="WireBytes">Bytes sent or received on it.</param>
/// <param name="BusyMs">Time with work to do; null where not measured.</param>
/// <param name="BlockedMs">Time inside socket calls; null where not measured.</param>
/// <param name="Retransmits">TCP segments sent again; null on other sockets.</param>
public sealed record ChannelReport(int Channel, long WireBytes, double? BusyMs, double? BlockedMs, long? Retransmits);
