namespace DataPlane.Bench.Codecs;

/// <summary>One run through the pipeline, and how many pages went which way.</summary>
internal readonly record struct PipelineSample(double Seconds, long Raw, long Lz4, long Zstd)
{
    /// <summary>Shares in percent: none, lz4, zstd.</summary>
    public string Shares => Raw + Lz4 + Zstd is > 0 and var all ? $"{100 * Raw / all}/{100 * Lz4 / all}/{100 * Zstd / all}" : "";
}
