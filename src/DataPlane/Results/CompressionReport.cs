namespace DataPlane.Results;

/// <summary>How pages were written on the way.</summary>
/// <param name="Mode">What was asked for: <c>lz4</c>, <c>zstd</c> or <c>auto</c>.</param>
/// <param name="Available">The codecs that both hosts had for it.</param>
/// <param name="Missing">What could not be used though it was allowed, and what brings it; null when nothing.</param>
/// <param name="Threads">Compressors beside the channels; 0 where the channels' own threads encoded.</param>
/// <param name="Codecs">What went how.</param>
/// <param name="Changes">How often channels changed their choice; 0 where nothing was to choose.</param>
/// <param name="Reason">Why pages were written so at the end.</param>
public sealed record CompressionReport(
    string Mode, IReadOnlyList<string> Available, string? Missing, int Threads, IReadOnlyList<CodecReport> Codecs, int Changes, string Reason);

/// <summary>What was written in one way. Pages that a codec did not make smaller count as <c>none</c>.</summary>
/// <param name="Codec"><c>none</c>, <c>lz4</c> or <c>zstd</c>.</param>
/// <param name="Frames">Frames with such pages.</param>
/// <param name="Pages">Pages with contents in them.</param>
/// <param name="Bytes">Bytes that those took, without headers.</param>
public sealed record CodecReport(string Codec, long Frames, long Pages, long Bytes);
