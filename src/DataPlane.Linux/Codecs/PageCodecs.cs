using DataPlane.Core.Codecs;

namespace DataPlane.Linux.Codecs;

/// <summary>Makes codecs: the system's libraries first, a registered substitute for LZ4 where liblz4 is absent. Safe for any thread.</summary>
internal static class PageCodecs
{
    private static Func<IPageCodec>? s_lz4Substitute;

    /// <summary>
    /// Names what stands in for LZ4 where the system has no liblz4; the last one named counts. Called once at start, before the first codec is made.
    /// </summary>
    public static void RegisterLz4(Func<IPageCodec> create) => Volatile.Write(ref s_lz4Substitute, create);

    /// <summary>Null where <see cref="Create(PageEncoding)"/> succeeds for <paramref name="encoding"/>; else one sentence: what is missing, and what brings it.</summary>
    public static string? WhyMissing(PageEncoding encoding) => encoding switch
    {
        PageEncoding.None => null,
        PageEncoding.Lz4 => Volatile.Read(ref s_lz4Substitute) is null ? CodecLibraries.Lz4.WhyMissing : null,
        PageEncoding.Zstd => CodecLibraries.Zstd.WhyMissing,
        _ => $"Page encoding {(byte)encoding} is not known to this version.",
    };

    /// <summary>A new codec with the settings that measured best, for one thread, which disposes it.</summary>
    /// <exception cref="NotSupportedException">As <see cref="WhyMissing"/> says.</exception>
    public static IPageCodec Create(PageEncoding encoding) => Create(encoding, CodecLibraries.Lz4.IsAvailable);

    internal static IPageCodec Create(PageEncoding encoding, bool hasLz4Library) => encoding switch
    {
        PageEncoding.None => new NoneCodec(),
        PageEncoding.Lz4 when !hasLz4Library && Volatile.Read(ref s_lz4Substitute) is { } create => create(),
        PageEncoding.Lz4 => new Lz4Codec(),
        PageEncoding.Zstd => new ZstdCodec(),
        _ => throw new NotSupportedException(WhyMissing(encoding)),
    };
}
