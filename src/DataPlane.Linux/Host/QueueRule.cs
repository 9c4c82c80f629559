namespace DataPlane.Linux.Host;

/// <summary>A queueing discipline of a network interface.</summary>
/// <param name="Interface">The interface's index.</param>
/// <param name="Kind">By the kernel's name: <c>tbf</c>, <c>fq_codel</c>.</param>
/// <param name="IsRoot">Whether all that leaves the interface goes through it, and it is not one inside another.</param>
/// <param name="BytesPerSecond">What a <c>tbf</c> holds it to; null of others.</param>
internal readonly record struct QueueRule(int Interface, string Kind, bool IsRoot, long? BytesPerSecond);
