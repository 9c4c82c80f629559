using DataPlane.Linux.Memory;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Memory;

/// <summary>
/// The stretches of guest RAM that hold anything. A hole of the memory file reads as zeros, but reading it through the mapping would
/// fill it with real pages.
/// </summary>
internal static class DataRanges
{
    /// <summary>Finds the first pages with data from <paramref name="page"/> on, before <paramref name="end"/>. False when there are none.</summary>
    public static bool Next(GuestRam ram, long page, long end, out long first, out long after)
    {
        first = after = end;
        if (page >= end) return false;
        var data = MemoryNative.Lseek(ram.Fd, page << PageShift, MemoryNative.SeekData);
        if (data < 0)
        {
            // A file system that knows no holes has data everywhere.
            if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != MemoryNative.NoSuchData) first = page;
            return first < end;
        }
        first = data >> PageShift;
        if (first >= end) return false;
        var hole = MemoryNative.Lseek(ram.Fd, data, MemoryNative.SeekHole);
        after = hole < 0 ? end : Math.Min(end, (hole + PageSize - 1) >> PageShift);
        return true;
    }
}
