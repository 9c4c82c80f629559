using System.Runtime.InteropServices;
using DataPlane.Core.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Linux.Memory;

/// <summary>
/// Tells which pages of a stripe may hold data, from the holes of the file behind the memory: reading a hole through the mapping would
/// fill it. One instance serves all channel threads of a migration; asking allocates nothing.
/// </summary>
/// <remarks>
/// Only data is remembered, never a hole. A hole that a guest fills before its stripe is protected again makes no news, so a remembered
/// hole would lose that page; data that became a hole since is read at worst. For the same reason ask after the stripe's Reprotect.
/// Looking moves the descriptor's file position.
/// </remarks>
internal sealed unsafe class HoleFinder
{
    private const long Tmpfs = 0x01021994; // memfd too; hugetlbfs has another number, and no holes to be asked for.
    private const long Ext4 = 0xEF53;

    // For each stripe of the guest, the page from which on all are known to hold data: 0 is all of them, 512 is nothing known.
    // It only ever falls, so a stale look costs a question and no more. One walk over an extent settles all stripes it covers: asking
    // for the end of an extent walks all its pages (6 ms per GiB of 4 KiB pages), which must not happen for each stripe.
    private readonly ushort[] _dataFrom;

    // The kernel serialises seeks of one descriptor anyway; under a lock of ours the second thread finds the first one's answer instead.
    // An object, since a Lock allocates the event to wait on when two threads meet there first, and channels are to allocate nothing.
    private readonly object _seeking = new();

    public HoleFinder(GuestMemory memory)
    {
        _dataFrom = new ushort[memory.StripeCount];
        foreach (var block in memory.Blocks)
            if (MayHaveHoles(block))
                _dataFrom.AsSpan(block.FirstStripe, block.StripeCount).Fill(PagesPerStripe);
    }

    /// <summary>
    /// Sets <paramref name="mask"/> (eight words) to the pages of stripe <paramref name="stripe"/> (within the block) that may hold data;
    /// the others are holes: zero, and not to be read. Returns false when all are holes.
    /// </summary>
    public bool DataPages(RamBlock block, int stripe, Span<ulong> mask)
    {
        GuestMemory.ExistingPages(block, stripe, mask);
        return Volatile.Read(ref _dataFrom[block.FirstStripe + stripe]) == 0 || LookForData(block, stripe, mask);
    }

    private bool LookForData(RamBlock block, int stripe, Span<ulong> mask)
    {
        Span<ulong> data = stackalloc ulong[WordsPerStripe];
        data.Clear();
        var pages = block.PagesInStripe(stripe);
        lock (_seeking)
        {
            ref var dataFrom = ref _dataFrom[block.FirstStripe + stripe];
            for (var page = 0; page < Math.Min(dataFrom, pages);)
            {
                var position = Offset(block, stripe, page);
                var start = MemoryNative.Lseek(block.Info.Fd, position, MemoryNative.SeekData);
                if (start < 0 && Marshal.GetLastPInvokeError() == MemoryNative.NoSuchData) break;
                if (start >= Offset(block, stripe, Math.Min(dataFrom, pages))) break;
                var end = start < position ? -1 : MemoryNative.Lseek(block.Info.Fd, start, MemoryNative.SeekHole);
                if (end <= start) return true; // No answer that makes sense: then every page may hold data.
                Remember(block, start, end);
                var first = PageAt(block, stripe, start);
                page = Math.Min(pages, PageAt(block, stripe, end + PageSize - 1));
                SetPages(data, first, page);
            }
            SetPages(data, Math.Min(dataFrom, pages), pages);
        }
        for (var word = 0; word < WordsPerStripe; word++) mask[word] &= data[word];
        return !PageMask.IsEmpty(mask);
    }

    private void Remember(RamBlock block, long start, long end)
    {
        var first = (int)((start - block.Info.FdOffset) / StripeSize);
        for (var stripe = first; stripe < block.StripeCount; stripe++)
        {
            if (end < Offset(block, stripe, block.PagesInStripe(stripe))) return;
            var from = stripe == first ? PageAt(block, stripe, start) : 0;
            ref var known = ref _dataFrom[block.FirstStripe + stripe];
            if (from < known) Volatile.Write(ref known, (ushort)from);
        }
    }

    private static long Offset(RamBlock block, int stripe, int page) =>
        block.Info.FdOffset + ((long)stripe * StripeSize) + ((long)page << PageShift);

    // The page of the stripe that holds the file's byte; far beyond the stripe's end for an extent that runs on.
    private static int PageAt(RamBlock block, int stripe, long offset) =>
        (int)Math.Min((offset - Offset(block, stripe, 0)) >> PageShift, PagesPerStripe);

    private static void SetPages(Span<ulong> mask, int from, int to)
    {
        for (var word = from >> 6; word < WordsPerStripe && word << 6 < to; word++)
            mask[word] |= PageMask.FirstBits(to - (word << 6)) & ~PageMask.FirstBits(from - (word << 6));
    }

    private static bool MayHaveHoles(RamBlock block)
    {
        if (block.Info.Fd < 0 || !FileFacts.TryRead(block.Info.Fd, out var facts) || facts.Blocks * 512 >= facts.Size) return false;
        var kind = stackalloc long[64]; // 120 bytes are filled; the rest is for kernels that tell more.
        // Other file systems may not know yet of pages that were written through a mapping (network and FUSE ones), or are untried.
        return MemoryNative.Fstatfs(block.Info.Fd, kind) == 0 && *kind is Tmpfs or Ext4 && FileMapping.IsShared(block, facts.Inode);
    }
}
