using System.Buffers.Binary;

namespace K4os.Compression.LZ4;

/// <summary>Writes one LZ4 block: takes the last place that began with the same four bytes, as far back as the format reaches.</summary>
internal static class BlockWriter
{
    private const int MinMatch = 4;
    private const int LongLength = 15;
    private const int FarthestMatch = ushort.MaxValue;

    /// <summary>The format's rule for the end: the last match begins at least 12 bytes before it, and the last 5 bytes are literals.</summary>
    private const int LastMatchStart = 12;
    private const int LastLiterals = 5;
    private const int TableBits = 12;

    public static int Write(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.IsEmpty) return 0;
        Span<int> places = stackalloc int[1 << TableBits];
        places.Fill(-1 - FarthestMatch);
        int written = 0, literalsFrom = 0;
        for (var at = 0; at <= source.Length - LastMatchStart;)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            ref var place = ref places[(int)((word * 2654435761u) >> (32 - TableBits))];
            var candidate = place;
            place = at;
            if (at - candidate > FarthestMatch || BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != word)
            {
                at++;
                continue;
            }
            var match = source[at..^LastLiterals].CommonPrefixLength(source[candidate..]);
            if (!Sequence(source[literalsFrom..at], at - candidate, match - MinMatch, target, ref written)) return -1;
            at += match;
            literalsFrom = at;
        }
        return Sequence(source[literalsFrom..], 0, 0, target, ref written) ? written : -1;
    }

    // A distance of 0, which no match has, marks the last sequence.
    private static bool Sequence(ReadOnlySpan<byte> literals, int distance, int match, Span<byte> target, ref int at)
    {
        if (Size(literals.Length, distance, match) > target.Length - at) return false;
        target[at++] = (byte)((Math.Min(literals.Length, LongLength) << 4) | Math.Min(match, LongLength));
        Length(literals.Length, target, ref at);
        literals.CopyTo(target[at..]);
        at += literals.Length;
        if (distance == 0) return true;
        BinaryPrimitives.WriteUInt16LittleEndian(target[at..], (ushort)distance);
        at += sizeof(ushort);
        Length(match, target, ref at);
        return true;
    }

    private static int Size(int literals, int distance, int match) =>
        1 + LengthBytes(literals) + literals + (distance == 0 ? 0 : sizeof(ushort) + LengthBytes(match));

    private static int LengthBytes(int length) => length < LongLength ? 0 : ((length - LongLength) / 255) + 1;

    private static void Length(int length, Span<byte> target, ref int at)
    {
        if (length < LongLength) return;
        for (length -= LongLength; length >= byte.MaxValue; length -= byte.MaxValue) target[at++] = byte.MaxValue;
        target[at++] = (byte)length;
    }
}
