namespace K4os.Compression.LZ4;

/// <summary>
/// The two methods of K4os.Compression.LZ4 that the adapter calls, with their results, for where the package does not restore. Written from
/// the description of the block format, one plain step at a time: a second opinion on the blocks that liblz4 writes, not a fast codec.
/// </summary>
public static class LZ4Codec
{
    /// <summary>Bytes written; 0 for empty input; below 0 where <paramref name="target"/> is too small.</summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> target, LZ4Level level = LZ4Level.L00_FAST) =>
        level == LZ4Level.L00_FAST ? BlockWriter.Write(source, target) : throw new ArgumentOutOfRangeException(nameof(level));

    /// <summary>Bytes written; below 0 where <paramref name="source"/> is not exactly one block that fits <paramref name="target"/>.</summary>
    public static int Decode(ReadOnlySpan<byte> source, Span<byte> target) => BlockReader.Read(source, target);
}
