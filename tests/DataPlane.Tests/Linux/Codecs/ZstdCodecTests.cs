using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Core.Codecs;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Linux.Codecs;

public sealed class ZstdCodecTests : PageCodecContract
{
    private protected override PageEncoding Encoding => PageEncoding.Zstd;

    private protected override IPageCodec Create()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Zstd);
        return new ZstdCodec();
    }

    [SkippableTheory]
    [MemberData(nameof(GoldenBlocks.Zstd), MemberType = typeof(GoldenBlocks))]
    public void A_committed_block_decodes(string name, string hex, string kind, int length) => GoldenBlocks.AssertDecodes(Codec, name, hex, kind, length);

    [SkippableTheory]
    [InlineData(-100)]
    [InlineData(-5)]
    [InlineData(3)]
    [InlineData(9)]
    public void Every_level_writes_what_the_default_reads(int level)
    {
        _ = Codec;
        using var other = new ZstdCodec(level);
        CodecPairs.AssertReads(other, Codec);
    }

    /// <summary>The library itself would read a row of frames as one content.</summary>
    [SkippableFact]
    public void A_block_is_one_frame()
    {
        var half = Encode(BlockContents.Make("text", PageSize / 2));
        var result = new byte[PageSize];
        Assert.False(Codec.TryDecodeExact([.. half, .. half], result));
        Assert.False(Codec.TryDecodeExact([.. half, .. half], result.AsSpan(0, PageSize / 2)));
        var whole = Encode(BlockContents.Make("text", PageSize));
        byte[] skippable = [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 7, 7];
        Assert.False(Codec.TryDecodeExact([.. skippable, .. whole], result));
        Assert.False(Codec.TryDecodeExact([.. whole, .. skippable], result));
        Assert.True(Codec.TryDecodeExact(whole, result));
    }

    /// <summary>0xFD2FB522 to 27 begin the formats of before 1.0, which the library may be built to read.</summary>
    [SkippableFact]
    public void Other_magic_numbers_are_refused()
    {
        var whole = Encode(BlockContents.Make("text", PageSize));
        for (var last = 0; last < 256; last++)
        {
            whole[0] = (byte)last;
            Assert.Equal(last == 0x28, Codec.TryDecodeExact(whole, new byte[PageSize]));
        }
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
