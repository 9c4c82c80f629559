using DataPlane.Core.Codecs;
using DataPlane.Core.Codecs.Choice;
using Xunit;

namespace DataPlane.Tests.Core.Codecs.Choice;

public sealed class CodecPolicyTests
{
    // What the bench measured on a dump of a heap: 0.76 GB/s and 2.75x, 0.45 GB/s and 4.1x.
    private static readonly CodecFigures Lz4 = new(1.3, 1 / 2.75);
    private static readonly CodecFigures Zstd = new(2.2, 1 / 4.1);

    [Theory]
    [InlineData(0.4, PageEncodingName.None, nameof(CodecReason.LinkIsFaster))] // Loopback: 2.5 GB/s a channel.
    [InlineData(2.0, PageEncodingName.Lz4, nameof(CodecReason.LinkIsSlower))]
    [InlineData(16, PageEncodingName.Zstd, nameof(CodecReason.LinkIsSlower))] // 1 Gbit/s shared by two channels.
    public void From_raw_pages_the_link_decides(double link, string choice, string reason)
    {
        var decision = CodecPolicy.Decide(Raw(link) with { Lz4 = Over(link, Lz4), Zstd = Over(link, Zstd) });
        Assert.Equal((choice, reason), (decision.Choice.ToString(), decision.Reason.ToString()));
    }

    [Fact]
    public void Pages_that_do_not_shrink_go_raw_on_any_link()
    {
        foreach (var link in new[] { 0.1, 1, 100, 10_000 })
        {
            var raw = CodecPolicy.Decide(Raw(link) with { Lz4 = new(0.2, 1), Zstd = new(1, 0.99) });
            Assert.Equal((PageEncoding.None, CodecReason.Incompressible), (raw.Choice, raw.Reason));
            var left = CodecPolicy.Decide(new CodecSnapshot(PageEncoding.Lz4, link, 0, 0.3) { Lz4 = new(0.2, 1) });
            Assert.Equal((PageEncoding.None, CodecReason.Incompressible), (left.Choice, left.Reason));
        }
    }

    [Fact]
    public void A_gain_of_less_than_a_twentieth_is_no_reason_to_change()
    {
        var now = Raw(1.46) with { Lz4 = Over(1.46, Lz4) };
        Assert.InRange(CodecPolicy.Forecast(now, now.Lz4.Value), 1.46 * CodecPolicy.LeastGain, 1.46);
        Assert.Equal(PageEncoding.None, CodecPolicy.Decide(now).Choice);
    }

    [Fact]
    public void What_is_held_off_is_not_chosen()
    {
        Assert.Equal(PageEncoding.Lz4, CodecPolicy.Decide(Raw(16) with { Lz4 = Over(16, Lz4), Zstd = null }).Choice);
        var none = CodecPolicy.Decide(Raw(16));
        Assert.Equal((PageEncoding.None, CodecReason.OthersWereWorse), (none.Choice, none.Reason));
        var busy = new CodecSnapshot(PageEncoding.Lz4, 1.5, 0, 0.3) { Lz4 = Over(0.4, Lz4) };
        Assert.Equal(PageEncoding.Lz4, CodecPolicy.Decide(busy).Choice);
        Assert.Equal(PageEncoding.None, CodecPolicy.Decide(busy with { Raw = Over(0.4, CodecFigures.Raw) }).Choice);
    }

    [Fact]
    public void Compressors_beside_the_channel_take_the_encoding_off_it()
    {
        var now = Raw(1) with { Lz4 = Over(1, Lz4) };
        Assert.Equal(PageEncoding.None, CodecPolicy.Decide(now).Choice);
        Assert.Equal(PageEncoding.Lz4, CodecPolicy.Decide(now with { ChannelsPerCompressor = 0.5 }).Choice);
        Assert.Equal(PageEncoding.None, CodecPolicy.Decide(now with { ChannelsPerCompressor = 2 }).Choice);
    }

    private static CodecSnapshot Raw(double link) => new(PageEncoding.None, link, 0, 0.3) { Raw = Over(link, CodecFigures.Raw) };

    private static CodecFigures Over(double link, CodecFigures codec) => codec with { LinkNanoseconds = link };

    /// <summary>Names for attributes, which can not hold members of an internal type.</summary>
    private static class PageEncodingName
    {
        public const string None = nameof(PageEncoding.None);
        public const string Lz4 = nameof(PageEncoding.Lz4);
        public const string Zstd = nameof(PageEncoding.Zstd);
    }
}
