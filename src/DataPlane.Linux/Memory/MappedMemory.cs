using DataPlane.Core.Memory;

namespace DataPlane.Linux.Memory;

/// <summary>Whether blocks are where their owner says. Found out without touching a page, and without walking the page tables.</summary>
internal static unsafe class MappedMemory
{
    /// <summary>What is wrong with where <paramref name="block"/> lies; null where all of it is mapped. It may be unreadable all the same.</summary>
    public static string? WhyNot(RamBlockInfo block)
    {
        // With this flag the call looks whether there are mappings, and does nothing else.
        if (MemoryNative.Msync(block.HostAddress, (nuint)block.Length, MemoryNative.MsAsync) == 0) return null;
        return $"Block '{block.Name}': not all of its {block.Length} bytes at 0x{block.HostAddress:x} are mapped in this process. "
            + "Map them before, and keep them mapped as long as a migration uses them.";
    }

    /// <summary>Throws <see cref="ArgumentException"/> naming every block that is not all mapped.</summary>
    public static void Check(GuestMemory memory)
    {
        string[] faults = [.. memory.Blocks.Select(block => WhyNot(block.Info)).OfType<string>()];
        if (faults.Length > 0) throw new ArgumentException(string.Join(" ", faults), nameof(memory));
    }
}
