using DataPlane.Core.Codecs;

namespace DataPlane.Linux.Codecs;

/// <summary>Makes codecs from what this host has. Safe for any thread.</summary>
internal static class PageCodecs
{
    private static readonly CodecSources s_host = new(CodecLibraries.Lz4, CodecLibraries.Zstd);

    /// <summary>
    /// Names what stands in for LZ4 where the system has no liblz4; the last one named counts. Called once at start, before the first codec is made.
    /// </summary>
    public static void RegisterLz4(Func<IPageCodec> create) => s_host.RegisterLz4(create);

    /// <inheritdoc cref="CodecSources.WhyMissing"/>
    public static string? WhyMissing(PageEncoding encoding) => s_host.WhyMissing(encoding);

    /// <inheritdoc cref="CodecSources.Create"/>
    public static IPageCodec Create(PageEncoding encoding) => s_host.Create(encoding);
}
