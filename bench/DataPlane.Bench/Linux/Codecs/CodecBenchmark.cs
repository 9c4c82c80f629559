using BenchmarkDotNet.Attributes;

namespace DataPlane.Bench.Linux.Codecs;

/// <summary>
/// What it costs to encode and decode a stripe, by codec, setting and pages in a block; the baseline is a copy of the same blocks. The column
/// <c>Smaller</c> says what it gains.
/// </summary>
[Config(typeof(SmallerColumn.Config))]
public class CodecBenchmark : IDisposable
{
    private EncodedStripe? _stripe;

    [Params("dump", "text", "random")]
    public string Content { get; set; } = "dump";

    [Params(4, 64, 256)]
    public int BlockKiB { get; set; }

    /// <summary>Codec and setting: the acceleration of lz4, the level of zstd.</summary>
    [Params("lz4:1", "lz4:4", "lz4:8", "zstd:-5", "zstd:1", "zstd:3")]
    public string Codec { get; set; } = "lz4:1";

    [GlobalSetup]
    public void Fill() => _stripe = new EncodedStripe(CodecContent.Of(Content), BlockKiB << 10, Codec);

    [GlobalCleanup]
    public void Dispose()
    {
        _stripe?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public int Copy() => _stripe!.Copy();

    [Benchmark]
    public int Encode() => _stripe!.Encode();

    [Benchmark]
    public int Decode() => _stripe!.Decode();
}
