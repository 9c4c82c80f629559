using System.Numerics;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Pages;

/// <summary>
/// A 64-bit sum of one page for comparing two memories: CRC32C of the even words in the low half, of the odd words in the high half.
/// Two independent chains hide the instruction's latency of three cycles. It finds errors, it does not resist an attacker.
/// </summary>
public static unsafe class PageChecksum
{
    /// <summary>The sum of a page of zeros.</summary>
    public static ulong OfZeroPage { get; } = SumOfZeroPage();

    /// <summary>The sum of the 4096 bytes at <paramref name="page"/>.</summary>
    public static ulong Of(byte* page)
    {
        var words = (ulong*)page;
        uint even = 0, odd = uint.MaxValue;
        for (var i = 0; i < PageSize / sizeof(ulong); i += 2)
        {
            even = BitOperations.Crc32C(even, words[i]);
            odd = BitOperations.Crc32C(odd, words[i + 1]);
        }
        return ((ulong)odd << 32) | even;
    }

    private static ulong SumOfZeroPage()
    {
        Span<byte> zeros = stackalloc byte[PageSize];
        zeros.Clear();
        fixed (byte* page = zeros) return Of(page);
    }
}
