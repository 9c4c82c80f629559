namespace DataPlane.Core.Memory;

/// <summary>
/// The sizes everything else is counted in. A stripe is 2 MiB of one RAM block: 512 pages, eight words of the dirty bitmap
/// (one cache line), one huge page. Changing any of them changes the wire format.
/// </summary>
public static class PageGeometry
{
    /// <summary>log2 of <see cref="PageSize"/>.</summary>
    public const int PageShift = 12;

    /// <summary>Bytes in the unit of dirty tracking. A block may be backed by larger pages; tracking stays at this size.</summary>
    public const int PageSize = 1 << PageShift;

    /// <summary>Pages in a stripe.</summary>
    public const int PagesPerStripe = 512;

    /// <summary>Bytes in a stripe: 2 MiB.</summary>
    public const int StripeSize = PagesPerStripe * PageSize;

    /// <summary>Words of the dirty bitmap in a stripe: 8 words of 64 bits are one 64-byte cache line.</summary>
    public const int WordsPerStripe = PagesPerStripe / 64;
}
