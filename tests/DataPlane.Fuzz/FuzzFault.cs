namespace DataPlane.Fuzz;

/// <summary>A rule was broken that holds whatever a peer sends. The message says which.</summary>
internal sealed class FuzzFault(string message, Exception? inner = null) : Exception(message, inner);
