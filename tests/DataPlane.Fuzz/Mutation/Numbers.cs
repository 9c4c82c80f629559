using System.Buffers.Binary;

namespace DataPlane.Fuzz.Mutation;

/// <summary>Numbers that decoders get wrong: around what stands there, around powers of two, and the ends.</summary>
internal static class Numbers
{
    public static ulong Near(ulong now, Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => now + 1,
        3 => now - 1,
        4 => (1ul << random.Next(64)) - (ulong)random.Next(2),
        5 => now + (1ul << random.Next(24)),
        6 => (ulong)random.Next(600),
        _ => (ulong)random.NextInt64(),
    };

    /// <summary>Changes the number of <paramref name="size"/> (1, 2, 4 or 8) bytes at the start of <paramref name="bytes"/>.</summary>
    public static void Change(Span<byte> bytes, int size, Random random)
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        bytes[..size].CopyTo(word);
        BinaryPrimitives.WriteUInt64LittleEndian(word, Near(BinaryPrimitives.ReadUInt64LittleEndian(word), random));
        word[..size].CopyTo(bytes);
    }
}
