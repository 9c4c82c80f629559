using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Memory;

/// <summary>What an embedder says of one contiguous piece of guest RAM.</summary>
/// <param name="Name">Unique within the guest, at most 255 bytes of UTF-8. Both sides list the same blocks in the same order.</param>
/// <param name="HostAddress">Where the block is mapped in this process, page-aligned. The memory stays the caller's.</param>
/// <param name="Length">Bytes, a positive multiple of 4096.</param>
/// <param name="GuestAddress">Guest-physical address of the first byte, page-aligned.</param>
/// <param name="BackingPageSize">Bytes of one page of the backing memory (4096, 2 MiB, 1 GiB): decides how it is populated.</param>
/// <param name="Fd">Descriptor of the file behind the mapping, or -1. With it, holes are found without reading them.</param>
/// <param name="FdOffset">Offset of the block's first byte in that file.</param>
public sealed record RamBlockInfo(
    string Name, nint HostAddress, long Length, ulong GuestAddress, int BackingPageSize = PageSize, int Fd = -1, long FdOffset = 0)
{
    /// <summary>Pages that need not travel, where this is the source's memory; null: there are none. Stays the caller's, as long as the memory.</summary>
    public DiscardMap? Discarded { get; init; }
}

/// <summary>One RAM block of a <see cref="GuestMemory"/>, with its place in the guest's numbering of stripes.</summary>
public sealed class RamBlock
{
    internal RamBlock(RamBlockInfo info, int index, int firstStripe)
    {
        Info = info;
        Index = index;
        FirstStripe = firstStripe;
        StripeCount = checked((int)((info.Length + StripeSize - 1) / StripeSize));
    }

    /// <summary>What the embedder declared.</summary>
    public RamBlockInfo Info { get; }

    /// <summary>Position in <see cref="GuestMemory.Blocks"/>; the block's number on the wire.</summary>
    public int Index { get; }

    /// <summary>The guest-wide number of the block's first stripe. Every block starts a stripe of its own.</summary>
    public int FirstStripe { get; }

    /// <summary>Stripes in the block; the last may be short.</summary>
    public int StripeCount { get; }

    /// <summary>Pages in the block.</summary>
    public long PageCount => Info.Length >> PageShift;

    /// <summary>The guest-wide number of the block's first page: bit number in the dirty bitmap.</summary>
    public long FirstPage => (long)FirstStripe * PagesPerStripe;

    /// <summary>Pages in the block's stripe <paramref name="stripe"/> (0-based within the block): 512, or fewer in the last.</summary>
    public int PagesInStripe(int stripe) =>
        (int)Math.Min(PagesPerStripe, PageCount - ((long)stripe * PagesPerStripe));
}
