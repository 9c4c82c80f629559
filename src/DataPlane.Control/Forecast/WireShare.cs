namespace DataPlane.Control.Forecast;

/// <summary>
/// Bytes on the wire for a page, without headers: what the last 16 MiB of sent pages took, more or less. The first pass sends what the memory
/// holds; what the guest dirties compresses differently and is rarely zero.
/// </summary>
internal sealed class WireShare
{
    private const double PagesToForget = 4096;
    private double _bytes;
    private double _pages;

    /// <summary>Null before any page was sent.</summary>
    public double? BytesPerPage => _pages > 0 ? _bytes / _pages : null;

    public void Add(long bytes, long pages)
    {
        var kept = Math.Exp(-pages / PagesToForget);
        _bytes = (_bytes * kept) + bytes;
        _pages = (_pages * kept) + pages;
    }
}
