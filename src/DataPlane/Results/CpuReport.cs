namespace DataPlane.Results;

/// <summary>CPU seconds, user and system, of the processes during the migration, guest threads included.</summary>
public sealed record CpuReport(double? SourceSeconds, double? DestinationSeconds);
