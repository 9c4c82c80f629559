using System.Runtime.InteropServices;
using DataPlane.Core.Memory;
using DataPlane.Fuzz.Recording;
using DataPlane.Tests.Kit;

namespace DataPlane.Fuzz.Replay;

/// <summary>The destination's memory of replays, with guards around its blocks, and the means to see that a page was not placed.</summary>
internal sealed class ReplayMemory : IDisposable
{
    // In the first and in the last word of each page: a page that keeps either was not placed whole. Writing all of it would take longer than a replay.
    private const ulong Stamp = 0xBAD0_BAD0_BAD0_BAD0;

    private readonly GuardedMemory _memory = new(SmallGuest.Blocks);

    public ReplayMemory() => _memory.Poison(); // So that the file has no holes: these are looked at, and zeroed, like any other page.

    public GuestMemory Memory => _memory.Memory;

    /// <summary>Makes every page differ from whatever is placed next.</summary>
    public void Reset()
    {
        foreach (var block in Memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++)
            {
                var words = MemoryMarshal.Cast<byte, ulong>(GuardedMemory.Page(block, page));
                words[0] = words[^1] = Stamp;
            }
    }

    /// <summary>Whether every page is what the source had.</summary>
    public bool Holds(byte[][] contents)
    {
        foreach (var block in Memory.Blocks)
            for (var page = 0; page < block.PageCount; page++)
                if (!GuardedMemory.Page(block, page).SequenceEqual(contents[block.Index].AsSpan(page << 12, 4096))) return false;
        return true;
    }

    /// <summary>Nothing may have been written outside the blocks.</summary>
    public void CheckGuards()
    {
        if (!_memory.GuardsAreIntact) throw new FuzzFault("Memory outside the guest's blocks was written.");
    }

    public void Dispose() => _memory.Dispose();
}
