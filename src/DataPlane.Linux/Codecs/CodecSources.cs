using DataPlane.Core.Codecs;

namespace DataPlane.Linux.Codecs;

/// <summary>
/// Where codecs come from on one host: its libraries first, and for LZ4 a substitute that was named, where the library is absent. Which of the two
/// is settled when a codec is asked for, not when the program is built. Safe for any thread.
/// </summary>
internal sealed class CodecSources(CodecLibrary lz4, CodecLibrary zstd)
{
    private Func<IPageCodec>? _lz4Substitute;

    /// <summary>Names what stands in for LZ4; the last one named counts.</summary>
    public void RegisterLz4(Func<IPageCodec> create) => Volatile.Write(ref _lz4Substitute, create);

    /// <summary>Null where <see cref="Create"/> succeeds for <paramref name="encoding"/>; else one sentence: what is missing, and what brings it.</summary>
    public string? WhyMissing(PageEncoding encoding) => encoding switch
    {
        PageEncoding.None => null,
        PageEncoding.Lz4 => Volatile.Read(ref _lz4Substitute) is null ? lz4.WhyMissing : null,
        PageEncoding.Zstd => zstd.WhyMissing,
        _ => $"Page encoding {(byte)encoding} is not known to this version.",
    };

    /// <summary>A new codec with the settings that measured best, for one thread, which disposes it.</summary>
    /// <exception cref="NotSupportedException">As <see cref="WhyMissing"/> says.</exception>
    public IPageCodec Create(PageEncoding encoding) => encoding switch
    {
        _ when WhyMissing(encoding) is { } reason => throw new NotSupportedException(reason),
        PageEncoding.Lz4 => lz4.IsAvailable ? new Lz4Codec() : Volatile.Read(ref _lz4Substitute)!(),
        PageEncoding.Zstd => new ZstdCodec(),
        _ => new NoneCodec(),
    };
}
