namespace DataPlane.Core.Codecs;

/// <summary>Copies: where pages are staged without compression, and the yardstick of what staging costs.</summary>
internal sealed class NoneCodec : IPageCodec
{
    public PageEncoding Encoding => PageEncoding.None;

    public string Name => "none";

    public int MaxEncodedSize(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, IPageCodec.MaxLength);
        return length;
    }

    public int TryEncode(ReadOnlySpan<byte> from, Span<byte> to) => from.TryCopyTo(to) ? from.Length : 0;

    public bool TryDecodeExact(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (from.Length != to.Length || from.IsEmpty) return false;
        from.CopyTo(to);
        return true;
    }

    public void Dispose()
    {
        // Nothing is held: an instance may be disposed or not.
    }
}
