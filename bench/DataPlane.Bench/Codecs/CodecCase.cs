using DataPlane.Core.Codecs;

namespace DataPlane.Bench.Codecs;

/// <summary>One way to send: what is compressed by whom.</summary>
internal sealed record CodecCase(string Name, PageEncodingSet Encodings, bool Chooses, int CompressThreads)
{
    private static readonly PageEncodingSet s_both = (PageEncodingSet)PageEncoding.Lz4 | PageEncoding.Zstd;

    public static IReadOnlyList<CodecCase> Fixed { get; } =
        [new("none", default, false, 0), new("lz4", PageEncoding.Lz4, false, 0), new("zstd", PageEncoding.Zstd, false, 0)];

    public static CodecCase Auto { get; } = new("auto", s_both, true, 0);

    public static CodecCase Beside { get; } = new("lz4, 2 compressors beside", PageEncoding.Lz4, false, 2);

    public static IReadOnlyList<CodecCase> All { get; } = [.. Fixed, Auto, Beside];
}
