namespace DataPlane.Tools.Link;

/// <summary>An interval of the bulk.</summary>
/// <param name="StartSeconds">Since the bulk began.</param>
/// <param name="EndSeconds">Since the bulk began, as it was read; the last one may be shorter.</param>
/// <param name="Channels">Those to the server, then those to the client.</param>
/// <param name="Sum">All channels, both ways together.</param>
public sealed record LinkInterval(double StartSeconds, double EndSeconds, IReadOnlyList<LinkChannelReport> Channels, LinkSum Sum);
