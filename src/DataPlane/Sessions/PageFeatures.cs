using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Options;

namespace DataPlane.Sessions;

/// <summary>The feature bits of HELLO and ACCEPT that stand for encodings of pages: bit 0 LZ4, bit 1 Zstandard.</summary>
internal static class PageFeatures
{
    /// <summary>The encodings that this host can write and read.</summary>
    public static ulong OfThisHost => Of(PageEncoding.Lz4) | Of(PageEncoding.Zstd);

    /// <summary>The bit of what the user asked for; none for no compression.</summary>
    public static ulong Bit(PageCompression compression) => Bit(Encoding(compression));

    public static PageEncoding Encoding(PageCompression compression) => compression switch
    {
        PageCompression.Lz4 => PageEncoding.Lz4,
        PageCompression.Zstd => PageEncoding.Zstd,
        _ => PageEncoding.None,
    };

    /// <summary>The encoding that a session with <paramref name="features"/> uses. A source offers one at most.</summary>
    public static PageEncoding Encoding(ulong features) =>
        (features & Bit(PageEncoding.Lz4)) != 0 ? PageEncoding.Lz4
        : (features & Bit(PageEncoding.Zstd)) != 0 ? PageEncoding.Zstd
        : PageEncoding.None;

    /// <summary>What of <paramref name="required"/> this host lacks, as a sentence; null when nothing.</summary>
    public static string? WhyMissing(ulong required)
    {
        var missing = required & ~OfThisHost;
        if (missing == 0) return null;
        return PageCodecs.WhyMissing(Encoding(missing)) ?? $"Features 0x{missing:x} are not known to this version.";
    }

    private static ulong Of(PageEncoding encoding) => PageCodecs.WhyMissing(encoding) is null ? Bit(encoding) : 0;

    private static ulong Bit(PageEncoding encoding) => encoding == PageEncoding.None ? 0 : 1UL << ((int)encoding - 1);
}
