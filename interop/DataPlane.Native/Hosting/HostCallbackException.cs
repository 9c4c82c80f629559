namespace DataPlane.Native.Hosting;

/// <summary>A callback said that it failed; the message is its own, or its number.</summary>
internal sealed class HostCallbackException(string message) : Exception(message);
