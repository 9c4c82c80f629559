namespace DataPlane.Tools.Link;

/// <summary>CPU time of both processes during the bulk, user and system. On one host a card's and the kernel's own work is not in it.</summary>
/// <param name="LocalSeconds">The client's.</param>
/// <param name="RemoteSeconds">The server's.</param>
/// <param name="SecondsPerGigabyte">Both, for 10^9 bytes; null where nothing arrived.</param>
public sealed record LinkCpuReport(double LocalSeconds, double RemoteSeconds, double? SecondsPerGigabyte);
