using DataPlane.Core.Codecs;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Codecs;

/// <summary>Codecs of one encoding read each other's blocks.</summary>
internal static class CodecPairs
{
    public static void AssertReads(IPageCodec writer, IPageCodec reader)
    {
        Assert.Equal(writer.Encoding, reader.Encoding);
        foreach (var kind in BlockContents.Kinds)
        {
            foreach (var length in new[] { 1, 13, PageSize, (64 << 10) + 5, 256 << 10 })
            {
                var block = BlockContents.Make(kind, length);
                var encoded = new byte[writer.MaxEncodedSize(length)];
                var result = new byte[length];
                var size = writer.TryEncode(block, encoded);
                Assert.True(reader.TryDecodeExact(encoded.AsSpan(0, size), result), $"{kind}, {length} bytes");
                Assert.True(block.AsSpan().SequenceEqual(result), $"{kind}, {length} bytes");
            }
        }
    }
}
