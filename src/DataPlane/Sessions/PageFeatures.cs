using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Options;

namespace DataPlane.Sessions;

/// <summary>The feature bits of HELLO and ACCEPT that say how pages travel: bit 0 as LZ4, bit 1 as Zstandard, bit 2 with a checksum each.</summary>
internal static class PageFeatures
{
    /// <summary>A checksum of each page travels before the pages.</summary>
    public const ulong PageSums = 1 << 2;

    /// <summary>What this host can write and read.</summary>
    public static ulong OfThisHost => Of(PageEncoding.Lz4) | Of(PageEncoding.Zstd) | PageSums;

    /// <summary>The bits of what the user asked for.</summary>
    public static ulong Wanted(MigrationOptions options) => Bit(options.Compression) | (options.Integrity == IntegrityMode.Pages ? PageSums : 0);

    /// <summary>What the checksums of a session with <paramref name="features"/> cover.</summary>
    public static IntegrityMode Integrity(ulong features) => (features & PageSums) != 0 ? IntegrityMode.Pages : IntegrityMode.Headers;

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
