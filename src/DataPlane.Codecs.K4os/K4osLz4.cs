using DataPlane.Linux.Codecs;

namespace DataPlane.Codecs.K4os;

/// <summary>Makes K4os.Compression.LZ4 known to the data plane.</summary>
public static class K4osLz4
{
    /// <summary>
    /// From now on LZ4 is available on hosts without liblz4 too; where liblz4 is there, it goes on being used, since it is faster. Call it once
    /// at start, before the first migration; any thread; a second call changes nothing.
    /// </summary>
    public static void Register() => PageCodecs.RegisterLz4(static () => new K4osLz4Codec());
}
