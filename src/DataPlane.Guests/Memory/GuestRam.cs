using DataPlane.Core.Memory;
using DataPlane.Linux;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Memory;

/// <summary>A guest's RAM: one memory file, mapped once, cut into the blocks on both sides of the hole.</summary>
internal sealed unsafe class GuestRam : IDisposable
{
    private const int OutOfMemory = 12; // ENOMEM
    private readonly AllocatedMemory _file;

    public GuestRam(GuestOptions options, bool source)
    {
        var length = options.MemoryBytes;
        IsFresh = options.MemoryFile is null;
        _file = options.MemoryFile is { } path ? AllocatedMemory.OpenFile(path, length) : AllocatedMemory.Create("guest-ram", length, hugePages: true);
        if (IsFresh && _file.BackingPageSize == PageSize && (source ? options.Fill != MemoryFill.Zero : options.Poison)) RequireFree(length);
        var low = Math.Min(length, GuestLayout.HoleStart);
        List<RamBlockInfo> blocks = [_file.Block("ram-low", 0, 0, low)];
        if (length > low)
            blocks.Add(_file.Block("ram-high", (ulong)GuestLayout.HoleEnd, low, length - low));
        Memory = new GuestMemory(blocks);
    }

    public GuestMemory Memory { get; }

    /// <summary>Whether the memory began as nothing but zeros.</summary>
    public bool IsFresh { get; }

    public long PageCount => _file.Length >> PageShift;

    public int Fd => _file.Fd;

    /// <summary>Where page <paramref name="page"/> of RAM is mapped; <paramref name="count"/> pages from there are RAM.</summary>
    public byte* Pages(long page, long count)
    {
        if (page < 0 || count <= 0 || page > PageCount - count)
            throw new ArgumentOutOfRangeException(nameof(page), $"Pages {page}..{page + count - 1} do not lie in RAM of {PageCount} pages.");
        return (byte*)_file.Address + (page << PageShift);
    }

    /// <summary>The block that holds page <paramref name="page"/> of RAM, and the page's number in it.</summary>
    public RamBlock BlockOf(long page, out long pageInBlock)
    {
        var low = Memory.Blocks[0];
        pageInBlock = page < low.PageCount ? page : page - low.PageCount;
        return page < low.PageCount ? low : Memory.Blocks[1];
    }

    /// <summary>For a caller about to write all of it: makes it present at once, in huge pages where they can be had.</summary>
    public void Populate() => _file.Populate(Environment.ProcessorCount);

    public void Dispose() => _file.Dispose();

    // A memory file of which every page is written takes what it is long. Beyond what there is, the kernel would end this process or
    // another one, and leave no reason. Reserved huge pages are no part of what is free.
    private void RequireFree(long length)
    {
        if (HostFacts.AvailableMemory() is not { } available || length <= available) return;
        _file.Dispose();
        throw new LinuxException(
            "memory of the guest", OutOfMemory,
            $"The guest has {length >> 20} MiB of memory to be filled, and this host has {available >> 20} MiB left. Make the guest smaller.");
    }
}
