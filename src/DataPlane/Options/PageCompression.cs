namespace DataPlane.Options;

/// <summary>Whether and how pages are compressed on the way. Pages that hardly shrink are sent as they are in any case.</summary>
public enum PageCompression
{
    /// <summary>Straight from guest memory, the fastest way wherever the link carries what a core can copy.</summary>
    None,

    /// <summary>LZ4: for links slower than the channels' cores compress, some 0.75 GB/s (6 Gbit/s) of memory each.</summary>
    Lz4,

    /// <summary>Zstandard: a third smaller than LZ4 at some two thirds of its speed, for slower links yet.</summary>
    Zstd,
}
