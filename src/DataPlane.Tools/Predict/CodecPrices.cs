namespace DataPlane.Tools.Predict;

/// <summary>What a codec costs and brings for a page that it makes smaller.</summary>
/// <param name="EncodeUs">CPU time of the source, microseconds.</param>
/// <param name="DecodeUs">CPU time of the destination, microseconds.</param>
/// <param name="Ratio">Bytes left of a byte.</param>
public sealed record CodecPrices(double EncodeUs, double DecodeUs, double Ratio)
{
    /// <summary>Of a page that was zero and has been written since: a few words.</summary>
    internal const double SparseRatio = 0.02;

    /// <summary>Noise is tried now and then, and left alone after.</summary>
    internal const double NoiseUs = 0.3;
}
