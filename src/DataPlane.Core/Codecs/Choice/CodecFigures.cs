namespace DataPlane.Core.Codecs.Choice;

/// <summary>What one way to write pages costs and gives, per byte of pages.</summary>
/// <param name="EncodeNanoseconds">Copying and encoding; 0 for pages sent as they are.</param>
/// <param name="WireBytes">Bytes on the wire for a byte of pages: 1 where nothing is gained.</param>
internal readonly record struct CodecFigures(double EncodeNanoseconds, double WireBytes)
{
    /// <summary>What the link takes for a byte on the wire, as far as is known.</summary>
    public double LinkNanoseconds { get; init; }

    /// <summary>Pages as they are.</summary>
    public static CodecFigures Raw { get; } = new(0, 1);
}
