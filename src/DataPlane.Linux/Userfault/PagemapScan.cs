using System.Runtime.InteropServices;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;
using static DataPlane.Linux.Userfault.UserfaultNative;

namespace DataPlane.Linux.Userfault;

/// <summary>
/// Asks the kernel which pages have been written, and has it protect those again in the same step. Owns the descriptor and the buffer of
/// answers. One thread at a time.
/// </summary>
internal sealed unsafe class PagemapScan : IDisposable
{
    private const string Path = "/proc/self/pagemap";
    private const int OpenReadOnly = 0x80000; // O_RDONLY | O_CLOEXEC

    /// <summary>
    /// Runs of pages taken by one call: 4,096 of 24 bytes. When every other page is written that is 32 MiB of guest memory, some 1 ms
    /// of scanning, against microseconds for one more call.
    /// </summary>
    private const int RegionsPerCall = 4096;

    private int _fd;
    private Region* _regions;

    private PagemapScan(int fd)
    {
        _fd = fd;
        _regions = (Region*)NativeMemory.AlignedAlloc(RegionsPerCall * (nuint)sizeof(Region), 64);
    }

    /// <summary>Opens it; null, with the reason and what to do, where the kernel cannot be asked.</summary>
    public static PagemapScan? TryOpen(out string? missing)
    {
        var fd = MemoryNative.Open(Path, OpenReadOnly, 0);
        missing = fd >= 0 ? null : $"{LinuxException.Last("open of " + Path).Message}. Mount /proc, or use another dirty source.";
        return fd >= 0 ? new PagemapScan(fd) : null;
    }

    /// <summary>
    /// Marks the block's pages that were written since they were last protected, and protects them. A page is protected before it is
    /// marked, so whoever finds it marked may read it at once. Returns how many were not marked before.
    /// </summary>
    public long Take(RamBlock block, DirtyBitmap into)
    {
        var start = (ulong)block.Info.HostAddress;
        var end = start + (ulong)block.Info.Length;
        var marks = new StripeMarks(into, block, stackalloc ulong[WordsPerStripe]);
        for (var at = start; at < end;)
        {
            var count = Call(at, end, ScanProtectsMatching | ScanChecksAsync, out var walked);
            for (var i = 0; i < count; i++)
                marks.AddRun((long)(_regions[i].Start - start) >> PageShift, (long)(_regions[i].End - _regions[i].Start) >> PageShift);
            if (walked <= at) throw new InvalidDataException($"PAGEMAP_SCAN stands still at 0x{at:x}.");
            at = walked;
        }
        return marks.Finish();
    }

    /// <summary>Whether the kernel answers for the block at all; changes nothing.</summary>
    public string? Try(RamBlock block)
    {
        try
        {
            _ = Call((ulong)block.Info.HostAddress, (ulong)block.Info.HostAddress + (ulong)block.Info.BackingPageSize, ScanChecksAsync, out _);
            return null;
        }
        catch (LinuxException fault)
        {
            return $"{fault.Message}: this kernel cannot be asked for written pages. Use Linux 6.7 or newer, or another dirty source.";
        }
    }

    public void Dispose()
    {
        if (_fd >= 0) _ = MemoryNative.Close(_fd);
        _fd = -1;
        NativeMemory.AlignedFree(_regions);
        _regions = null;
    }

    private int Call(ulong start, ulong end, ulong flags, out ulong walked)
    {
        var request = new Scan
        {
            Size = (ulong)sizeof(Scan),
            Flags = flags,
            Start = start,
            End = end,
            Regions = (ulong)_regions,
            RegionsLength = RegionsPerCall,
            CategoryMask = PageIsWritten,
            ReturnMask = PageIsWritten,
        };
        var count = Ioctl(_fd, PagemapScanRequest, &request);
        if (count < 0) throw LinuxException.Last("PAGEMAP_SCAN");
        walked = request.WalkEnd;
        return count;
    }
}
