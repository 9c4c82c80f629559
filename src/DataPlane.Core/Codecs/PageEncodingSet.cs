namespace DataPlane.Core.Codecs;

/// <summary>Encodings that both sides of a session can handle, beside none, which every session has.</summary>
internal readonly record struct PageEncodingSet
{
    private readonly uint _bits; // Bit n stands for encoding n: a test of one shift in the checks of each frame.

    private PageEncodingSet(uint bits) => _bits = bits;

    public bool IsEmpty => _bits == 0;

    /// <summary>Its members in the order of their numbers.</summary>
    public IEnumerable<PageEncoding> Members
    {
        get
        {
            var set = this;
            return Enum.GetValues<PageEncoding>().Where(encoding => encoding != PageEncoding.None && set.Contains(encoding));
        }
    }

    public static implicit operator PageEncodingSet(PageEncoding encoding) =>
        new(encoding == PageEncoding.None ? 0 : 1u << (int)encoding);

    public static PageEncodingSet operator |(PageEncodingSet left, PageEncodingSet right) => new(left._bits | right._bits);

    /// <summary>Whether frames may be encoded so. For any number a peer may send.</summary>
    public bool Contains(PageEncoding encoding) => (byte)encoding < 32 && ((_bits >> (int)encoding) & 1) != 0;
}
