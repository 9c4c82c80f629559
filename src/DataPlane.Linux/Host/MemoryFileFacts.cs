using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;

namespace DataPlane.Linux.Host;

/// <summary>Whether guest memory can be made here, by trying.</summary>
/// <param name="Fault">Why not; null where it was.</param>
/// <param name="Collapses">Whether its pages could be collapsed into a transparent huge page.</param>
internal sealed record MemoryFileFacts(string? Fault, bool Collapses)
{
    /// <summary>Makes 2 MiB of it and sets up its page tables. Leaves nothing behind.</summary>
    public static MemoryFileFacts Probe()
    {
        try
        {
            using var memory = AllocatedMemory.Create("probe", PageGeometry.StripeSize);
            MemoryPopulator.PopulateHuge(memory.Address, memory.Length, threads: 1, null, CancellationToken.None, out var huge);
            return new MemoryFileFacts(null, huge == memory.Length);
        }
        catch (LinuxException fault)
        {
            return new MemoryFileFacts(fault.Message, false);
        }
    }
}
