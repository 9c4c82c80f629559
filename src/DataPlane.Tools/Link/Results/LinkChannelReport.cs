namespace DataPlane.Tools.Link;

/// <summary>One data channel in some time.</summary>
/// <param name="Channel">Its number from 0, of its way.</param>
/// <param name="Direction">Its way.</param>
/// <param name="Bytes">That arrived, as in <see cref="LinkSum"/>.</param>
/// <param name="BitsPerSecond">Of them.</param>
/// <param name="Retransmits">TCP segments sent again; null on other sockets.</param>
/// <param name="RoundTripUs">Smoothed by the sender's kernel, microseconds, at the end of the time; null on other sockets.</param>
public sealed record LinkChannelReport(int Channel, LinkDirection Direction, long Bytes, double BitsPerSecond, long? Retransmits, double? RoundTripUs);
