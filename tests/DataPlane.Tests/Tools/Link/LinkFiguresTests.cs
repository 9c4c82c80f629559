using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Messages;
using DataPlane.Core.Errors;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Link;
using Xunit;

namespace DataPlane.Tests.Tools.Link;

/// <summary>What is made of the counts, as numbers.</summary>
public sealed class LinkFiguresTests
{
    [Theory]
    [InlineData(25e9, 23.4e9, 19.8e9, true, false, 19e9)]
    [InlineData(10e9, 9.42e9, 9.1e9, true, true, 9.1e9)]
    [InlineData(1e9, 941e6, 948e6, true, true, 940e6)]
    [InlineData(10e9, 8.9e9, 9.9e9, false, true, 8.9e9)]
    [InlineData(null, 110.7e9, 99.96e9, null, null, 99e9)]
    public void Verdict_SaysWhatIsMet_AndWhatToCountOn(double? declared, double bulk, double final, bool? bulkMeets, bool? finalMeets, double use) =>
        Assert.Equal(new LinkVerdict(bulkMeets, finalMeets, use), LinkVerdict.Of(declared, bulk, final));

    [Fact]
    public void Verdict_WithoutAFinalSet_CountsOnNothing()
    {
        Assert.Equal(new LinkVerdict(true, null, null), LinkVerdict.Of(1e9, 2e9, null));
        Assert.Null(LinkVerdict.Of(1e9, 0, 2e9).AvailSwitchoverBitsPerSecond);
    }

    [Theory]
    [InlineData("1:10/8 2:19/9 4:19.5/9.1", 2)]
    [InlineData("4:19.5/9.1 2:19/9 1:10/8", 2)]
    [InlineData("1:10/20 2:19/12 4:20/11", 2)]
    [InlineData("1:20/20 2:19/12", 1)]
    [InlineData("1:10/- 2:9/8", 2)]
    [InlineData("1:10/-", null)]
    [InlineData("", null)]
    public void Sweep_RecommendsTheFewestThatCarryAsMuch(string rows, int? expected)
    {
        var sweep = rows.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(':', '/')).Select(parts => new LinkSweepRow(
            int.Parse(parts[0], null), LinkSum.Of((long)(double.Parse(parts[1], null) * 1e9), 8, 0), parts[2] == "-" ? null : double.Parse(parts[2], null), 1, 1));
        Assert.Equal(expected, LinkSweepRow.Recommend([.. sweep]));
    }

    [Theory]
    [InlineData("9 10 10 11", 0, 3, false)]
    [InlineData("10 4 11 12", 1, 3, true)]
    [InlineData("10", null, null, false)]
    public void ChannelFarBehindTheOthers_Shows(string bytes, int? slowest, int? fastest, bool uneven)
    {
        var channels = bytes.Split(' ').Select((text, number) => new LinkChannelReport(number, LinkDirection.ToServer, long.Parse(text, null), 0, 0, 0)).ToArray();
        var report = LinkDirectionReport.Of(LinkDirection.ToServer, LinkSum.Of(1, 1, 0), channels, null, null);
        Assert.Equal((slowest, fastest, uneven), (report.SlowestChannel, report.FastestChannel, report.IsUneven));
    }

    [Fact]
    public void Counts_AreTakenWhereTheBytesArrive_AndRetransmitsWhereTheyAreSent()
    {
        LinkReading At(long local, long remote, ulong there, ulong here, uint again) => new(
            new LinkSampleMessage(0, local, 0, [here], [new LinkChannelState(again, 50)]), new LinkSampleMessage(0, remote, 0, [there], [new LinkChannelState(2 * again, 70)]), LinkWays.Both, 1);
        var (first, last) = (At(0, 5_000_000_000, 100, 1000, 1), At(2_000_000_000, 6_000_000_000, 350, 2000, 4));
        Assert.Equal(
            [new LinkChannelReport(0, LinkDirection.ToServer, 250, 2000, 3, 50), new LinkChannelReport(0, LinkDirection.ToClient, 1000, 4000, 6, 70)], last.Since(first));
    }

    [Fact]
    public void ServerThatTellsOfOtherChannels_IsAViolation()
    {
        var sample = new LinkSampleMessage(0, 0, 0, [1, 2], []);
        var reading = new LinkReading(sample, sample, LinkWays.ToServer, 3);
        Assert.Equal(MigrationErrorCode.ProtocolViolation, Assert.Throws<MigrationException>(reading.Checked).Error.Code);
        Assert.Same(reading with { Channels = 2 } is var two ? two : null, two.Checked());
    }

    [Fact]
    public void FinalSet_IsExactlySoManyPages_AllOverTheMemory()
    {
        var memory = new GuestMemory([new RamBlockInfo("ram", PageGeometry.PageSize, 512L << 20, 0)]);
        using var bitmap = new DirtyBitmap(memory);
        ScatteredPages.Mark(bitmap, 4096);
        Assert.Equal(4096, bitmap.Count());
        // 16 of 512 pages in the mean: a stripe with none has a chance of one in ten million.
        Assert.Equal(memory.StripeCount, Enumerable.Range(0, memory.StripeCount).Count(bitmap.Any));
        ScatteredPages.Clear(bitmap);
        Assert.Equal(0, bitmap.Count());
    }

    [Fact]
    public void Options_ThatCannotBeUsed_AreNamed()
    {
        Assert.Empty(new LinkOptions().Validate());
        Assert.Empty(new LinkOptions { Direction = LinkDirection.Both, Channels = [1, 32] }.Validate());
        foreach (var (wrong, name) in new[]
        {
            (new LinkOptions { Channels = [] }, "Channels"), (new LinkOptions { Channels = [2, 70] }, "Channels"),
            (new LinkOptions { Direction = LinkDirection.Both, Channels = [33] }, "Channels"), (new LinkOptions { Duration = default }, "Duration"),
            (new LinkOptions { Interval = default }, "Interval"), (new LinkOptions { MemoryBytes = 16 << 20 | 4096 }, "MemoryBytes"),
            (new LinkOptions { Channels = [64], MemoryBytes = 256 << 20 }, "MemoryBytes"), (new LinkOptions { FinalSetBytes = 100 }, "FinalSetBytes"),
            (new LinkOptions { FinalSetBytes = 1L << 30 }, "FinalSetBytes"), (new LinkOptions { DeclaredBitsPerSecond = 0 }, "DeclaredBitsPerSecond"),
            (new LinkOptions { Congestion = "" }, "Congestion"), (new LinkOptions { IdleTimeout = default }, "IdleTimeout"),
        })
            Assert.Contains(name, Assert.Single(wrong.Validate()), StringComparison.Ordinal);
    }
}
