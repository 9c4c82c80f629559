using System.Runtime.InteropServices;

namespace DataPlane.Linux.Codecs;

/// <summary>The calls of libzstd in use, all of its stable interface. A result below 0 is an error number.</summary>
internal static unsafe partial class ZstdNative
{
    /// <summary>ZSTD_c_compressionLevel.</summary>
    public const int CompressionLevel = 100;

    /// <summary>The first four bytes of a frame. Older formats, which a library may be built to read, have others.</summary>
    public const uint Magic = 0xFD2FB528;

    [LibraryImport("zstd", EntryPoint = "ZSTD_versionString")]
    public static partial nint VersionString();

    [LibraryImport("zstd", EntryPoint = "ZSTD_minCLevel")]
    public static partial int MinLevel();

    [LibraryImport("zstd", EntryPoint = "ZSTD_maxCLevel")]
    public static partial int MaxLevel();

    [LibraryImport("zstd", EntryPoint = "ZSTD_compressBound")]
    public static partial nint CompressBound(nint length);

    [LibraryImport("zstd", EntryPoint = "ZSTD_createCCtx")]
    public static partial nint CreateCompressor();

    [LibraryImport("zstd", EntryPoint = "ZSTD_freeCCtx")]
    public static partial nint FreeCompressor(nint compressor);

    [LibraryImport("zstd", EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nint SetParameter(nint compressor, int parameter, int value);

    [LibraryImport("zstd", EntryPoint = "ZSTD_compress2")]
    public static partial nint Compress(nint compressor, byte* to, nint capacity, byte* from, nint length);

    [LibraryImport("zstd", EntryPoint = "ZSTD_createDCtx")]
    public static partial nint CreateDecompressor();

    [LibraryImport("zstd", EntryPoint = "ZSTD_freeDCtx")]
    public static partial nint FreeDecompressor(nint decompressor);

    /// <summary>The size that the frame's header states; all ones where it states none, one less where it is no frame.</summary>
    [LibraryImport("zstd", EntryPoint = "ZSTD_getFrameContentSize")]
    public static partial ulong FrameContentSize(byte* from, nint length);

    /// <summary>Bytes of the first frame, told from the headers of its blocks.</summary>
    [LibraryImport("zstd", EntryPoint = "ZSTD_findFrameCompressedSize")]
    public static partial nint FrameSize(byte* from, nint length);

    [LibraryImport("zstd", EntryPoint = "ZSTD_decompressDCtx")]
    public static partial nint Decompress(nint decompressor, byte* to, nint capacity, byte* from, nint length);

    public static string? Version() => Marshal.PtrToStringUTF8(VersionString());
}
