using System.Runtime.CompilerServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Pages;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux;
using DataPlane.Linux.Memory;
using DataPlane.Linux.Sockets;

namespace DataPlane.Transport.Receiving;

/// <summary>
/// Where pages go on the destination: pointers for those with contents, and zeros for those without. Used by one channel thread;
/// <paramref name="received"/> and <paramref name="holes"/> are shared by all channels of the session.
/// </summary>
/// <param name="received">Pages that hold something of the stream: they may not be taken for fresh any more.</param>
/// <param name="holes">Holes of the memory's files: they are not looked at.</param>
/// <param name="fresh">The host says that memory reads as zero where nothing was received.</param>
/// <param name="mapped">The page tables are set up already.</param>
internal sealed unsafe class PagePlacer(DirtyBitmap received, HoleFinder holes, bool fresh, bool mapped)
{
    // Setting up page tables by one call is 1.4 times faster than by faults inside the receive (measured, 4 KiB pages of an existing
    // file); below 16 pages (64 KiB) the call costs as much as the faults it saves.
    private const int WorthPopulating = 16;

    /// <summary>
    /// Fills <paramref name="vectors"/> with the pieces of memory for the pages of <paramref name="pages"/>, and marks them received.
    /// Returns how many pieces; at most 256. With <paramref name="written"/> this process is to write there itself, and would be ended where
    /// no page can be had: then <see cref="LinuxException"/> is thrown here.
    /// </summary>
    public int Place(RamBlock block, int stripe, in StripeWords pages, IoVector* vectors, bool written = false)
    {
        var pieces = 0;
        for (var page = 0; PageMask.NextRun(pages, page, out var start, out var count); page = start + count)
        {
            var memory = GuestMemory.Pages(block, stripe, start, count);
            var bytes = (nuint)count << PageGeometry.PageShift;
            if (!mapped && (written || count >= WorthPopulating) && !received.IsSet(block, ((long)stripe * PageGeometry.PagesPerStripe) + start)
                && MemoryNative.Madvise(memory, bytes, MemoryNative.MadvPopulateWrite) != 0 && written)
                ThrowIfNoMemory(); // A receive faults pages in where this did not, and says when there are none.
            vectors[pieces++] = new IoVector { Base = memory, Length = bytes };
        }
        _ = received.Or(block.FirstStripe + stripe, pages);
        return pieces;
    }

    /// <summary>Makes the pages of <paramref name="zeros"/> read as zero. Writes only those that do not already.</summary>
    public void Clear(RamBlock block, int stripe, ReadOnlySpan<ulong> zeros)
    {
        StripeWords look = default;
        zeros.CopyTo(look);
        if (fresh) KeepReceived(block, stripe, look);
        if (PageMask.IsEmpty(look)) return;
        Span<ulong> data = stackalloc ulong[PageGeometry.WordsPerStripe];
        if (!holes.DataPages(block, stripe, data)) return; // A hole reads as zero, and looking at it would fill it.
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            look[word] &= data[word];
        for (var page = 0; PageMask.NextRun(look, page, out var start, out var count); page = start + count)
            ClearRun(GuestMemory.Pages(block, stripe, start, count), count);
    }

    private static void ThrowIfNoMemory()
    {
        var fault = LinuxException.Last("MADV_POPULATE_WRITE");
        if (fault.Errno is MemoryNative.NoMemory or MemoryNative.BadAddress) throw fault; // Others: a kernel without the call.
    }

    private void KeepReceived(RamBlock block, int stripe, Span<ulong> look)
    {
        Span<ulong> known = stackalloc ulong[PageGeometry.WordsPerStripe];
        received.Read(block.FirstStripe + stripe, known);
        for (var word = 0; word < PageGeometry.WordsPerStripe; word++)
            look[word] &= known[word];
    }

    private static void ClearRun(byte* memory, int count)
    {
        for (var end = memory + ((long)count << PageGeometry.PageShift); memory < end; memory += PageGeometry.PageSize)
            if (!ZeroPage.IsZero(memory)) Unsafe.InitBlockUnaligned(memory, 0, PageGeometry.PageSize);
    }
}
