using System.Globalization;
using DataPlane.Core.Memory;

namespace DataPlane.Linux.Memory;

/// <summary>Tells whether a RAM block's file really is what the block's memory shows.</summary>
internal static class FileMapping
{
    // A private mapping, another file or another offset would make a page that the guest wrote look like a hole of the file, and lose it.
    // So the embedder's word is compared with the kernel's list of mappings before it is relied on.
    public static bool IsShared(RamBlock block, ulong inode)
    {
        var info = block.Info;
        var (next, end) = ((ulong)info.HostAddress, (ulong)info.HostAddress + (ulong)info.Length);
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var dash = fields[0].IndexOf('-', StringComparison.Ordinal);
            var from = Hex(fields[0].AsSpan(0, dash));
            var to = Hex(fields[0].AsSpan(dash + 1));
            if (to <= next) continue;
            var offset = Hex(fields[2]) + (next - from);
            var expected = (ulong)info.FdOffset + (next - (ulong)info.HostAddress);
            if (from > next || fields[1][3] != 's' || offset != expected || ulong.Parse(fields[4], CultureInfo.InvariantCulture) != inode)
                return false;
            if (to >= end) return true;
            next = to;
        }
        return false;
    }

    private static ulong Hex(ReadOnlySpan<char> digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
