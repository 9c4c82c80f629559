namespace K4os.Compression.LZ4;

/// <summary>Reads one LZ4 block: sequences of a token, literals, and a copy of what was written before; the last has no copy.</summary>
internal static class BlockReader
{
    private const int MinMatch = 4;
    private const int LongLength = 15;

    public static int Read(ReadOnlySpan<byte> block, Span<byte> result)
    {
        int at = 0, written = 0;
        while (at < block.Length)
        {
            var token = block[at++];
            var literals = ReadLength(block, ref at, token >> 4);
            if (literals < 0 || literals > block.Length - at || literals > result.Length - written) return -1;
            block.Slice(at, literals).CopyTo(result[written..]);
            at += literals;
            written += literals;
            if (at == block.Length) return (token & LongLength) == 0 ? written : -1;

            if (block.Length - at < sizeof(ushort)) return -1;
            var distance = block[at] | (block[at + 1] << 8);
            at += sizeof(ushort);
            var match = ReadLength(block, ref at, token & LongLength);
            if (match < 0 || distance == 0 || distance > written || match + MinMatch > result.Length - written) return -1;
            // Byte by byte: a copy may overlap itself, which repeats what it has just written.
            for (var end = written + match + MinMatch; written < end; written++) result[written] = result[written - distance];
        }
        return -1;
    }

    private static int ReadLength(ReadOnlySpan<byte> block, ref int at, int length)
    {
        if (length < LongLength) return length;
        byte more;
        do
        {
            if (at == block.Length || length > int.MaxValue - 1024) return -1;
            more = block[at++];
            length += more;
        }
        while (more == byte.MaxValue);
        return length;
    }
}
