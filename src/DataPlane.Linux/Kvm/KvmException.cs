namespace DataPlane.Linux.Kvm;

/// <summary>
/// KVM, or a part of it, is not to be had here. The message says what is missing, what that means and what to do.
/// </summary>
public sealed class KvmException(string message, Exception? cause = null) : IOException(message, cause);
