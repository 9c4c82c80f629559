namespace DataPlane.Transport.Sending;

/// <summary>
/// Data that does not shrink mostly lies together: after each block that did not, twice as many are left alone, up to 63 (16 MiB).
/// </summary>
internal struct EncodingBackOff
{
    private const int MostSkipped = 63;

    private int _skip;
    private int _skipNext;

    /// <summary>Whether the next block is to be left alone.</summary>
    public bool Skips()
    {
        if (_skip == 0) return false;
        _skip--;
        return true;
    }

    /// <summary>A block was tried.</summary>
    public void Tried(bool gained)
    {
        _skipNext = gained ? 0 : Math.Min((_skipNext * 2) + 1, MostSkipped);
        _skip = _skipNext;
    }
}
