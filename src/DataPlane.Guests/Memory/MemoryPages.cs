using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Memory;

/// <summary>The pages of a memory counted from 0, block after block without gaps: as a guest's RAM is counted without its hole, and as traces count.</summary>
internal sealed unsafe class MemoryPages
{
    private readonly GuestMemory _memory;
    private readonly long[] _firsts;

    public MemoryPages(GuestMemory memory)
    {
        _memory = memory;
        _firsts = new long[memory.Blocks.Count];
        long next = 0;
        for (var i = 0; i < _firsts.Length; i++)
        {
            _firsts[i] = next;
            next += memory.Blocks[i].PageCount;
        }
    }

    /// <summary>The number of block <paramref name="index"/>'s first page.</summary>
    public long First(int index) => _firsts[index];

    /// <summary>Where page <paramref name="page"/> is mapped, and which it is of its block.</summary>
    public byte* Address(long page, out RamBlock block, out long pageInBlock)
    {
        var index = _firsts.Length - 1;
        while (index > 0 && _firsts[index] > page) index--; // A guest has one block or two, and then most of it is in the second.
        block = _memory.Blocks[index];
        pageInBlock = page - _firsts[index];
        return GuestMemory.Pages(block, checked((int)(pageInBlock / PagesPerStripe)), (int)(pageInBlock % PagesPerStripe), 1);
    }
}
