using DataPlane.Core.Codecs;
using K4os.Compression.LZ4;

namespace DataPlane.Codecs.K4os;

/// <summary>LZ4 blocks by K4os.Compression.LZ4: the same blocks as liblz4's, for hosts without that library.</summary>
internal sealed class K4osLz4Codec : IPageCodec
{
    public PageEncoding Encoding => PageEncoding.Lz4;

    public string Name => "lz4 (K4os)";

    /// <summary>The format's worst case: literals only, a length byte for each 255 of them, and the ends of the block.</summary>
    public int MaxEncodedSize(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, IPageCodec.MaxLength);
        return length + (length / 255) + 16;
    }

    // The package answers "does not fit" with a number below 0.
    public int TryEncode(ReadOnlySpan<byte> from, Span<byte> to) =>
        from.IsEmpty || to.IsEmpty ? 0 : Math.Max(0, LZ4Codec.Encode(from, to, LZ4Level.L00_FAST));

    // The package's decoder is the safe one, which fails where input is left over; what is left to check is a block that was too short.
    public bool TryDecodeExact(ReadOnlySpan<byte> from, Span<byte> to) =>
        !from.IsEmpty && !to.IsEmpty && LZ4Codec.Decode(from, to) == to.Length;

    public void Dispose()
    {
        // The package keeps its tables by itself.
    }
}
