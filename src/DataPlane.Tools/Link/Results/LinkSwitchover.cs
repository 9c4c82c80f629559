namespace DataPlane.Tools.Link;

/// <summary>The round trips of a switchover with nothing left to send: the part of a blackout that no bandwidth shortens.</summary>
/// <param name="FenceUs">A fence on all channels, and its answer: the last one, with PREPARED.</param>
/// <param name="MessageUs">A message and its answer, on an idle link: COMMIT and RUNNING.</param>
/// <param name="FloorUs">One of each, by their medians.</param>
public sealed record LinkSwitchover(LinkSpread FenceUs, LinkSpread MessageUs, double FloorUs);
