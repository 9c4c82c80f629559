using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Options;

namespace DataPlane.Sessions;

/// <summary>The feature bits of HELLO and ACCEPT that stand for encodings of pages: bit 0 LZ4, bit 1 Zstandard.</summary>
internal static class PageFeatures
{
    /// <summary>The encodings that this host can write and read.</summary>
    public static ulong OfThisHost => OfHost(PageEncoding.Lz4) | OfHost(PageEncoding.Zstd);

    /// <summary>The bits that a source offers: what the user named, or for auto all that this host has.</summary>
    public static ulong Offered(PageCompression compression) => compression == PageCompression.Auto ? OfThisHost : Required(compression);

    /// <summary>The bits that a source can not do without: what the user named.</summary>
    public static ulong Required(PageCompression compression) => compression switch
    {
        PageCompression.Lz4 => Bit(PageEncoding.Lz4),
        PageCompression.Zstd => Bit(PageEncoding.Zstd),
        _ => 0,
    };

    /// <summary>What of <paramref name="accepted"/> a source may use: a destination can not add to what was offered.</summary>
    public static ulong InForce(PageCompression compression, ulong accepted) => accepted & Offered(compression);

    /// <summary>The encodings of a session with <paramref name="features"/>.</summary>
    public static PageEncodingSet Encodings(ulong features) => In(features, PageEncoding.Lz4) | In(features, PageEncoding.Zstd);

    /// <summary>What of <paramref name="required"/> this host lacks, as a sentence; null when nothing.</summary>
    public static string? WhyMissing(ulong required)
    {
        var missing = required & ~OfThisHost;
        if (missing == 0) return null;
        var known = Encodings(missing).Members.FirstOrDefault();
        return PageCodecs.WhyMissing(known) ?? $"Features 0x{missing:x} are not known to this version.";
    }

    private static ulong OfHost(PageEncoding encoding) => PageCodecs.WhyMissing(encoding) is null ? Bit(encoding) : 0;

    private static PageEncodingSet In(ulong features, PageEncoding encoding) => (features & Bit(encoding)) != 0 ? encoding : PageEncoding.None;

    private static ulong Bit(PageEncoding encoding) => encoding == PageEncoding.None ? 0 : 1UL << ((int)encoding - 1);
}
