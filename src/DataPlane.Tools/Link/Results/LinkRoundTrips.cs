namespace DataPlane.Tools.Link;

/// <summary>Of a message on the control connection and its answer, as the program sees it: the network's and both programs' part.</summary>
/// <param name="IdleUs">Before the bulk; null where it was not come to.</param>
/// <param name="LoadedUs">During the bulk: what queues on the way add.</param>
public sealed record LinkRoundTrips(LinkSpread? IdleUs, LinkSpread? LoadedUs);
