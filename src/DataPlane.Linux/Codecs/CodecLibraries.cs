using System.Reflection;
using System.Runtime.InteropServices;

namespace DataPlane.Linux.Codecs;

/// <summary>The compression libraries that the system may have.</summary>
internal static class CodecLibraries
{
    // A plain name would be looked for as liblz4.so, which only the development package brings. Every user of the imports comes through
    // here first, since it has to know whether the library is there.
    static CodecLibraries() => NativeLibrary.SetDllImportResolver(typeof(CodecLibraries).Assembly, Resolve);

    /// <summary>LZ4, block format.</summary>
    public static CodecLibrary Lz4 { get; } = new("lz4", ["liblz4.so.1", "liblz4.so"], "liblz4-1", Lz4Native.Version);

    /// <summary>Zstandard.</summary>
    public static CodecLibrary Zstd { get; } = new("zstd", ["libzstd.so.1", "libzstd.so"], "libzstd1", ZstdNative.Version);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CodecLibrary> All { get; } = [Lz4, Zstd];

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        foreach (var library in All)
            if (library.ImportName == name)
                return library.Handle;
        return 0; // Not ours: the runtime looks for it in its own way.
    }
}
