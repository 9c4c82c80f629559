namespace DataPlane.Core.Codecs.Choice;

/// <summary>What one channel knows when it decides how to write pages. All times are nanoseconds.</summary>
/// <param name="Current">The choice in force.</param>
/// <param name="MeasuredNanoseconds">What a byte of pages takes under it, all in.</param>
/// <param name="OtherNanoseconds">The part of that in which the channel neither encodes nor sends: claims, scans for zeros.</param>
/// <param name="SendNanoseconds">What the socket call costs for a byte on the wire where it need not wait.</param>
internal readonly record struct CodecSnapshot(
    PageEncoding Current, double MeasuredNanoseconds, double OtherNanoseconds, double SendNanoseconds)
{
    /// <summary>Null where held off after a disappointment; never the choice in force.</summary>
    public CodecFigures? Raw { get; init; }

    /// <summary>Null where not measured yet, not there on both sides, or held off after a disappointment.</summary>
    public CodecFigures? Lz4 { get; init; }

    /// <inheritdoc cref="Lz4"/>
    public CodecFigures? Zstd { get; init; }

    /// <summary>
    /// Null where the channel's own thread encodes. With compressors beside the channels: channels for each compressor, so that a byte takes
    /// that many times the encoding's time of one.
    /// </summary>
    public double? ChannelsPerCompressor { get; init; }
}
