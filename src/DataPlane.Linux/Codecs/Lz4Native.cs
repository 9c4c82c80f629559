using System.Runtime.InteropServices;

namespace DataPlane.Linux.Codecs;

/// <summary>
/// The calls of liblz4 in use. <c>LZ4_decompress_fast</c> is left out on purpose: it trusts its input to end, and reads past it.
/// </summary>
internal static unsafe partial class Lz4Native
{
    [LibraryImport("lz4", EntryPoint = "LZ4_versionString")]
    public static partial nint VersionString();

    [LibraryImport("lz4", EntryPoint = "LZ4_sizeofState")]
    public static partial int SizeOfState();

    /// <summary>Returns the bytes written, or 0 where <paramref name="capacity"/> is too small. Needs no cleared state.</summary>
    [LibraryImport("lz4", EntryPoint = "LZ4_compress_fast_extState")]
    public static partial int CompressFast(void* state, byte* from, byte* to, int length, int capacity, int acceleration);

    /// <summary>Returns the bytes written; negative where the input is not exactly one block that fits <paramref name="capacity"/>.</summary>
    [LibraryImport("lz4", EntryPoint = "LZ4_decompress_safe")]
    public static partial int DecompressSafe(byte* from, byte* to, int length, int capacity);

    public static string? Version() => Marshal.PtrToStringUTF8(VersionString());
}
