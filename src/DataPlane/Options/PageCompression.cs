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

    /// <summary>
    /// Each channel picks what moves most pages a second, from what it measures, and goes on picking: none where the link is faster than a
    /// core compresses or the pages do not shrink, LZ4, or Zstandard where the link is slow. Uses those of the two that both hosts have.
    /// </summary>
    Auto,
}
