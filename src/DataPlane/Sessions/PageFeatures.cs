using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Options;

namespace DataPlane.Sessions;

/// <summary>
/// The feature bits of HELLO and ACCEPT: pages travel as LZ4 (bit 0), as Zstandard (1), with a checksum each (2); the handover is recorded (4); moments of a
/// switchover called off (5); a hard limit on both sides' watch (6).
/// </summary>
internal static class PageFeatures
{
    /// <summary>A checksum of each page travels before the pages.</summary>
    public const ulong PageSums = 1 << 2;

    /// <summary>Both sides keep records of who has the guest, and say so by HANDOVER. No side of this version goes without.</summary>
    public const ulong Handover = 1 << 4;

    /// <summary>The destination tells its moments of a switchover that is called off (CHECKPOINTS).</summary>
    public const ulong Checkpoints = 1 << 5;

    /// <summary>The destination keeps watch over a deadline too.</summary>
    public const ulong Deadline = 1 << 6;

    /// <summary>What this host can write and read.</summary>
    public static ulong OfThisHost => EncodingsOfThisHost | PageSums | Handover | Checkpoints | Deadline;

    /// <summary>What the checksums of a session with <paramref name="features"/> cover.</summary>
    public static IntegrityMode Integrity(ulong features) => (features & PageSums) != 0 ? IntegrityMode.Pages : IntegrityMode.Headers;

    /// <summary>The bits that a source offers: what the user named, and for auto all encodings that this host has.</summary>
    public static ulong Offered(MigrationOptions options) =>
        Required(options) | Checkpoints | (options.Compression == PageCompression.Auto ? EncodingsOfThisHost : 0);

    /// <summary>The bits that a source can not do without: what the user named, and the handover's records.</summary>
    public static ulong Required(MigrationOptions options) =>
        Handover | Required(options.Compression) | (options.Integrity == IntegrityMode.Pages ? PageSums : 0) | (options.SwitchoverLimit is null ? 0 : Deadline);

    /// <summary>The bit of an encoding that the user named.</summary>
    public static ulong Required(PageCompression compression) => compression switch
    {
        PageCompression.Lz4 => Bit(PageEncoding.Lz4),
        PageCompression.Zstd => Bit(PageEncoding.Zstd),
        _ => 0,
    };

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

    private static ulong EncodingsOfThisHost => OfHost(PageEncoding.Lz4) | OfHost(PageEncoding.Zstd);

    private static ulong OfHost(PageEncoding encoding) => PageCodecs.WhyMissing(encoding) is null ? Bit(encoding) : 0;

    private static PageEncodingSet In(ulong features, PageEncoding encoding) => (features & Bit(encoding)) != 0 ? encoding : PageEncoding.None;

    private static ulong Bit(PageEncoding encoding) => encoding == PageEncoding.None ? 0 : 1UL << ((int)encoding - 1);
}
