using DataPlane.Codecs.K4os;
using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Core.Codecs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Codecs.K4os;

/// <summary>
/// The adapter over what it was built with: the package with -p:Lz4Provider=k4os, else the reference of its two methods in tests, which is
/// written from the format's description. So without the package this proves the adapter and liblz4's blocks, not the package.
/// </summary>
public sealed class K4osLz4CodecTests : PageCodecContract
{
    private protected override PageEncoding Encoding => PageEncoding.Lz4;

    private protected override IPageCodec Create() => new K4osLz4Codec();

    [SkippableTheory]
    [MemberData(nameof(GoldenBlocks.Lz4), MemberType = typeof(GoldenBlocks))]
    public void A_committed_block_decodes(string name, string hex, string kind, int length) => GoldenBlocks.AssertDecodes(Codec, name, hex, kind, length);

    [SkippableTheory]
    [MemberData(nameof(Lz4Vectors.Good), MemberType = typeof(Lz4Vectors))]
    public void A_block_from_the_format_description_decodes(string hex, string text) => Lz4Vectors.AssertDecodes(Codec, hex, text);

    [SkippableTheory]
    [MemberData(nameof(Lz4Vectors.Bad), MemberType = typeof(Lz4Vectors))]
    public void A_block_that_lies_is_refused(string lie, string hex, int length) => Lz4Vectors.AssertRefused(Codec, lie, hex, length);

    [SkippableFact]
    public void It_and_liblz4_read_each_other()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        using var native = new Lz4Codec();
        CodecPairs.AssertReads(native, Codec);
        CodecPairs.AssertReads(Codec, native);
    }
}
