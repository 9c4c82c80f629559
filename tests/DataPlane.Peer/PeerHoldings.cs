namespace DataPlane.Peer;

/// <summary>What a process holds between two migrations.</summary>
/// <param name="OwnBytes">Resident memory of no file: the runtime's, native allocations, stacks; not the guest.</param>
/// <param name="SharedBytes">Resident memory of memory files: the guest.</param>
/// <param name="ManagedBytes">Objects that are alive.</param>
/// <param name="Threads">All threads.</param>
/// <param name="ChannelThreads">Those of channels, of which there should be none.</param>
/// <param name="Descriptors">Open descriptors.</param>
internal sealed record PeerHoldings(long OwnBytes, long SharedBytes, long ManagedBytes, int Threads, int ChannelThreads, int Descriptors);
