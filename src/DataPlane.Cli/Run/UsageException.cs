namespace DataPlane.Cli.Run;

/// <summary>Options that are each well formed and yet cannot be had together or here. The message names them.</summary>
internal sealed class UsageException(string message) : Exception(message);
