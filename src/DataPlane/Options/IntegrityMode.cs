namespace DataPlane.Options;

/// <summary>What checksums cover on the way. TCP's own, of 16 bits, misses one damaged segment in some 65,000.</summary>
public enum IntegrityMode
{
    /// <summary>Every header, device state, and pages that travel compressed; not the contents of pages that travel as they are.</summary>
    Headers,

    /// <summary>Also every page. A guest with a page that arrived damaged, and was not sent again, is not taken over.</summary>
    Pages,
}
