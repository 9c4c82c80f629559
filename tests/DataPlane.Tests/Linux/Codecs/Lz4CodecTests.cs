using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Core.Codecs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Linux.Codecs;

public sealed class Lz4CodecTests : PageCodecContract
{
    private protected override PageEncoding Encoding => PageEncoding.Lz4;

    private protected override IPageCodec Create()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        return new Lz4Codec();
    }

    [SkippableTheory]
    [MemberData(nameof(GoldenBlocks.Lz4), MemberType = typeof(GoldenBlocks))]
    public void A_committed_block_decodes(string name, string hex, string kind, int length) => GoldenBlocks.AssertDecodes(Codec, name, hex, kind, length);

    [SkippableTheory]
    [MemberData(nameof(Lz4Vectors.Good), MemberType = typeof(Lz4Vectors))]
    public void A_block_from_the_format_description_decodes(string hex, string text) => Lz4Vectors.AssertDecodes(Codec, hex, text);

    [SkippableTheory]
    [MemberData(nameof(Lz4Vectors.Bad), MemberType = typeof(Lz4Vectors))]
    public void A_block_that_lies_is_refused(string lie, string hex, int length) => Lz4Vectors.AssertRefused(Codec, lie, hex, length);

    /// <summary>The format has no such distance, but liblz4 takes it for zeros: it may pass, as long as nothing old shows.</summary>
    [SkippableFact]
    public void A_distance_of_0_shows_nothing_old()
    {
        foreach (var hex in Lz4Vectors.ZeroDistance)
        {
            var block = Convert.FromHexString(hex);
            foreach (var length in Enumerable.Range(1, 600))
            {
                using var damaged = new DamagedBlock(Codec, block.Length, length);
                damaged.Check(block);
            }
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(65_537)]
    public void Every_acceleration_writes_what_the_default_reads(int acceleration)
    {
        _ = Codec;
        using var other = new Lz4Codec(acceleration);
        CodecPairs.AssertReads(other, Codec);
    }

    [SkippableFact]
    public void Used_after_it_was_disposed_it_says_so()
    {
        var codec = Create();
        codec.Dispose();
        codec.Dispose();
        Assert.Throws<ObjectDisposedException>(() => codec.TryEncode(new byte[64], new byte[64]));
        Assert.Throws<ObjectDisposedException>(() => codec.TryDecodeExact(new byte[64], new byte[64]));
    }
}
