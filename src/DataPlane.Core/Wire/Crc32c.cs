using System.Numerics;
using System.Runtime.InteropServices;

namespace DataPlane.Core.Wire;

/// <summary>CRC32C (Castagnoli) as on the wire: initial value and final complement of all ones.</summary>
internal static class Crc32c
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>Goes on from the uncomplemented <paramref name="crc"/>; begins with <see cref="uint.MaxValue"/>, ends with a complement.</summary>
    public static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var last in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, last);
        return crc;
    }
}
