using System.Text;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Memory;

/// <summary>
/// The guest's RAM as the data plane sees it: blocks, and one numbering of pages and stripes over all of them. Never owns the
/// memory. Every address that is read or written comes from <see cref="Pages"/>, the one place where bounds are checked.
/// Immutable; may be used from any thread.
/// </summary>
public sealed unsafe class GuestMemory
{
    /// <summary>More blocks than any machine has; bounds the layout message.</summary>
    public const int MaxBlocks = 4096;

    private readonly RamBlock[] _blocks;

    /// <summary>Takes the blocks in the order given. Throws <see cref="ArgumentException"/> naming every fault at once.</summary>
    public GuestMemory(IEnumerable<RamBlockInfo> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        RamBlockInfo[] infos = [.. blocks];
        var faults = GuestMemoryFaults.Find(infos);
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(" ", faults), nameof(blocks));
        _blocks = new RamBlock[infos.Length];
        var stripe = 0;
        for (var i = 0; i < infos.Length; i++)
        {
            _blocks[i] = new RamBlock(infos[i], i, stripe);
            stripe = checked(stripe + _blocks[i].StripeCount);
        }
        StripeCount = stripe;
        PageCount = _blocks.Sum(block => block.PageCount);
    }

    /// <summary>The blocks, in the order of their numbers.</summary>
    public IReadOnlyList<RamBlock> Blocks => _blocks;

    /// <summary>Stripes over all blocks.</summary>
    public int StripeCount { get; }

    /// <summary>Pages that exist, over all blocks. Bit numbers may run beyond it: each block starts on a stripe.</summary>
    public long PageCount { get; }

    /// <summary>Bytes over all blocks.</summary>
    public long ByteCount => PageCount << PageShift;

    /// <summary>The block that holds the guest-wide stripe number <paramref name="stripe"/>.</summary>
    public RamBlock BlockOfStripe(int stripe)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)stripe, (uint)StripeCount, nameof(stripe));
        int low = 0, high = _blocks.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_blocks[middle].FirstStripe <= stripe) low = middle;
            else high = middle - 1;
        }
        return _blocks[low];
    }

    /// <summary>
    /// The host address of <paramref name="count"/> pages from page <paramref name="page"/> of stripe <paramref name="stripe"/>
    /// (within the block). Throws when any of them lies outside the block.
    /// </summary>
    public static byte* Pages(RamBlock block, int stripe, int page, int count)
    {
        ArgumentNullException.ThrowIfNull(block);
        var first = ((long)stripe * PagesPerStripe) + page;
        if (stripe < 0 || page < 0 || count <= 0 || page + count > PagesPerStripe || first + count > block.PageCount)
            ThrowOutside(block, first, count);
        return (byte*)block.Info.HostAddress + (first << PageShift);
    }

    /// <summary>The bits of stripe <paramref name="stripe"/> of <paramref name="block"/> that stand for pages that exist.</summary>
    public static void ExistingPages(RamBlock block, int stripe, Span<ulong> mask)
    {
        ArgumentNullException.ThrowIfNull(block);
        var pages = block.PagesInStripe(stripe);
        for (var word = 0; word < WordsPerStripe; word++)
            mask[word] = PageMask.FirstBits(pages - (word * 64));
    }

    private static void ThrowOutside(RamBlock block, long first, int count) =>
        throw new ArgumentOutOfRangeException(
            nameof(first), $"Pages {first}..{first + count - 1} do not lie in block '{block.Info.Name}' of {block.PageCount} pages.");

    /// <summary>Block names are compared and sent as UTF-8.</summary>
    internal static int NameLength(string name) => Encoding.UTF8.GetByteCount(name);
}
