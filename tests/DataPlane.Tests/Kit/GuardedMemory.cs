using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Kit;

/// <summary>
/// RAM blocks in one memory file with pages between and around them that belong to no block: what strays out of a block is seen there.
/// </summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int GuardBytes = 8 * PageSize;
    private const byte Guard = 0xC3;
    private readonly AllocatedMemory _allocated;
    private readonly List<nint> _guards = [];

    public GuardedMemory(params long[] pageCounts)
    {
        _allocated = AllocatedMemory.Create("guarded", pageCounts.Sum(pages => (pages << PageShift) + GuardBytes) + GuardBytes);
        var infos = new List<RamBlockInfo>();
        long offset = GuardBytes;
        _guards.Add(_allocated.Address);
        foreach (var pages in pageCounts)
        {
            infos.Add(_allocated.Block($"ram{infos.Count}", (ulong)offset, offset, pages << PageShift));
            offset += pages << PageShift;
            _guards.Add(_allocated.Address + (nint)offset);
            offset += GuardBytes;
        }
        foreach (var guard in _guards) new Span<byte>((void*)guard, GuardBytes).Fill(Guard);
        Memory = new GuestMemory(infos);
    }

    public GuestMemory Memory { get; }

    /// <summary>Units of 512 bytes that the file takes.</summary>
    public ulong FileBlocks => FileFacts.TryRead(_allocated.Fd, out var facts) ? facts.Blocks : throw new IOException("statx tells no blocks.");

    public bool GuardsAreIntact =>
        _guards.TrueForAll(guard => !new ReadOnlySpan<byte>((void*)guard, GuardBytes).ContainsAnyExcept(Guard));

    public static Span<byte> Page(RamBlock block, long page) => new((byte*)block.Info.HostAddress + (page << PageShift), PageSize);

    /// <summary>Fills every page of every block with something that is neither zero nor random.</summary>
    public void Poison()
    {
        foreach (var block in Memory.Blocks)
            for (var page = 0L; page < block.PageCount; page++)
                Page(block, page).Fill(0x5A);
    }

    public void Dispose() => _allocated.Dispose();
}
