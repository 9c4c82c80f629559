using DataPlane.Core.Codecs;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Codecs;

/// <summary>Decodes blocks that may be damaged, between guards, over two different old contents of the result.</summary>
internal sealed class DamagedBlock(IPageCodec codec, int mostEncoded, int length) : IDisposable
{
    private readonly GuardedBytes _input = new(mostEncoded);
    private readonly GuardedBytes _first = new(length);
    private readonly GuardedBytes _second = new(length);

    /// <summary>How many blocks decoded all the same.</summary>
    public int Accepted { get; private set; }

    public void Check(ReadOnlySpan<byte> block)
    {
        var input = _input.Take(block);
        var first = _first.Take(length, 0x00);
        var second = _second.Take(length, 0xC3);
        var accepted = codec.TryDecodeExact(input, first);
        Assert.Equal(accepted, codec.TryDecodeExact(input, second));
        Assert.True(_first.IsIntact(length) && _second.IsIntact(length) && _input.IsIntact(block.Length));
        Assert.True(input.SequenceEqual(block));
        if (!accepted) return;
        Accepted++;
        Assert.True(first.SequenceEqual(second), "What the result's memory held before shows in the result.");
    }

    public void Dispose()
    {
        _input.Dispose();
        _first.Dispose();
        _second.Dispose();
    }
}
