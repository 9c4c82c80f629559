namespace DataPlane.Core.Dirty;

/// <summary>
/// This way of finding written pages is not to be had on this host, or not for this memory. The message says what is missing and what to do.
/// </summary>
public sealed class DirtySourceUnavailableException(string message, Exception? cause = null) : IOException(message, cause);
