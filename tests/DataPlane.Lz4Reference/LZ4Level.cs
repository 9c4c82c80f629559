namespace K4os.Compression.LZ4;

/// <summary>How hard to search; the one level that the adapter asks for.</summary>
public enum LZ4Level
{
    /// <summary>The fast search.</summary>
    L00_FAST = 0,
}
