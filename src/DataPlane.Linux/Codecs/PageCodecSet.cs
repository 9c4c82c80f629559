using DataPlane.Core.Codecs;

namespace DataPlane.Linux.Codecs;

/// <summary>The codecs of one thread, by encoding. Owns them.</summary>
internal sealed class PageCodecSet : IDisposable
{
    private readonly IPageCodec?[] _codecs = new IPageCodec?[3]; // By number of the encoding.

    /// <param name="encodings">What is wanted; each must be there, see <see cref="PageCodecs.WhyMissing"/>.</param>
    /// <exception cref="NotSupportedException">As <see cref="PageCodecs.Create"/> says.</exception>
    public PageCodecSet(PageEncodingSet encodings)
    {
        Encodings = encodings;
        foreach (var encoding in encodings.Members) _codecs[(int)encoding] = PageCodecs.Create(encoding);
    }

    public PageEncodingSet Encodings { get; }

    /// <summary>The codec for <paramref name="encoding"/>, one of <see cref="Encodings"/>.</summary>
    public IPageCodec this[PageEncoding encoding] => _codecs[(int)encoding]!;

    public void Dispose()
    {
        foreach (var codec in _codecs) codec?.Dispose();
    }
}
