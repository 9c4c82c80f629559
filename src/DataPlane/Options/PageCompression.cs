namespace DataPlane.Options;

/// <summary>Whether and how pages are compressed on the way. Pages that hardly shrink are sent as they are in any case.</summary>
public enum PageCompression
{
    /// <summary>Straight from guest memory, the fastest way wherever the link carries what a core can copy.</summary>
    None,

    /// <summary>LZ4: pays off on links below about 7 Gbit/s per core.</summary>
    Lz4,

    /// <summary>Zstandard: a third smaller than LZ4 at about half its speed; for links below about 1 Gbit/s per core.</summary>
    Zstd,
}
