namespace DataPlane.Tools.Shaping;

/// <summary>A fault that really struck.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">Since the link's opening.</param>
/// <param name="Connection">Which connection, numbered from 0 as the link took them.</param>
/// <param name="Role">What that was for: <c>control</c>, <c>data 3</c> with the channel's number, or <c>other</c>.</param>
/// <param name="Bytes">Bytes of that connection that had gone on towards the destination.</param>
/// <param name="Duration">How long a stall was to last; null for all else.</param>
public sealed record LinkFaultStrike(LinkFaultKind Kind, TimeSpan At, int Connection, string Role, long Bytes, TimeSpan? Duration);
