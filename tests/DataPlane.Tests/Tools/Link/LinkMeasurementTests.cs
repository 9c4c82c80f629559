using DataPlane.Core.Errors;
using DataPlane.Tests.Kit;
using DataPlane.Tools.Link;
using Xunit;

namespace DataPlane.Tests.Tools.Link;

/// <summary>Whole measurements, both ends in this process.</summary>
[Collection("listeners")]
public sealed class LinkMeasurementTests
{
    [Theory]
    [InlineData(LinkDirection.ToServer, false)]
    [InlineData(LinkDirection.ToClient, false)]
    [InlineData(LinkDirection.Both, false)]
    [InlineData(LinkDirection.Both, true)]
    public async Task EveryWay_IsMeasuredInFull(LinkDirection direction, bool unix)
    {
        using var folder = new TemporaryFolder();
        MigrationAddress? path = null;
        if (unix) Assert.True(MigrationAddress.TryParse($"unix:{folder.Path}/link", out path, out _));
        await using var scene = new LinkScene(at: path);
        var told = new List<LinkInterval>();
        var result = await scene.MeasureAsync(LinkScene.Short with { Duration = TimeSpan.FromSeconds(1), Interval = TimeSpan.FromMilliseconds(500), Direction = direction, OnInterval = told.Add });
        Assert.True(result.Status == LinkStatus.Completed, $"{result.Error}");
        LinkDirection[] ways = direction == LinkDirection.Both ? [LinkDirection.ToServer, LinkDirection.ToClient] : [direction];
        Assert.Equal(ways.SelectMany(way => new[] { (way, 0), (way, 1) }), result.Channels.Select(channel => (channel.Direction, channel.Channel)));
        // Every channel carried something: none was left without a stripe.
        Assert.All(result.Channels, channel => Assert.True(channel.Bytes > 0));
        Assert.Equal(result.Channels.Sum(channel => channel.Bytes), result.Sum!.Bytes);
        // And went on when all the memory had been sent once, which takes some ten milliseconds, and a busy host ten times that.
        Assert.True(result.Sum.Bytes > 2 * LinkScene.Short.MemoryBytes * ways.Length);
        Assert.Equal(told, result.Intervals);
        Assert.Equal([0, result.Intervals[0].EndSeconds], result.Intervals.Select(interval => interval.StartSeconds));
        Assert.Equal(result.Sum.Seconds, result.Intervals[^1].EndSeconds, 0.001);
        Assert.True(result.Sum.Seconds >= 0.95);
        Assert.Equal(result.Sum.Bytes, result.Intervals.Sum(interval => interval.Sum.Bytes));
        Assert.Equal(unix, result.Retransmits is null);
        Assert.Equal(ways, result.Directions.Select(way => way.Direction));
        foreach (var way in result.Directions)
        {
            Assert.True(way.FinalSet is { Bytes: 1 << 20, BitsPerSecond: > 0 });
            Assert.True(way.Switchover is { FloorUs: > 0, FenceUs.Count: 20 });
        }
        Assert.True(result.Cpu is { LocalSeconds: > 0, RemoteSeconds: > 0, SecondsPerGigabyte: > 0 });
        Assert.True(result.RoundTrip is { IdleUs.Count: 20, LoadedUs.Count: > 0 });
        Assert.True(result.Verdict is { BulkMeets: null, AvailSwitchoverBitsPerSecond: > 0 });
    }

    [Fact]
    public async Task Sweep_MeasuresEachNumber_AndCountsAsOneClient()
    {
        await using var scene = new LinkScene(options => options with { OnlyOne = true });
        var result = await scene.MeasureAsync(LinkScene.Short with { Channels = [1, 4] });
        Assert.True(result.Status == LinkStatus.Completed, $"{result.Error}");
        Assert.Equal([1, 4], result.Sweep.Select(row => row.Channels));
        Assert.Equal(result.RecommendedChannels, result.Channels.Count);
        Assert.All(result.Sweep, row => Assert.True(row.FinalSetBitsPerSecond > 0));
        await scene.Ended.WaitAsync(LinkScene.Bound);
    }

    [Fact]
    public async Task CalledOffInMidBulk_WhatWasMeasuredStands_AndTheServerIsFree()
    {
        await using var scene = new LinkScene();
        var (measuring, stop) = await scene.BeginAsync();
        await stop.CancelAsync();
        var result = await measuring.WaitAsync(LinkScene.Bound);
        Assert.Equal((LinkStatus.Cancelled, MigrationErrorCode.Cancelled), (result.Status, result.Error!.Code));
        Assert.Equal(result.Sum!.Bytes, result.Intervals.Sum(interval => interval.Sum.Bytes));
        Assert.True(result.Sum.Bytes > 0);
        Assert.Null(result.Directions[0].FinalSet);
        Assert.Equal(LinkStatus.Completed, (await scene.MeasureAsync(LinkScene.Short)).Status);
        stop.Dispose();
    }
}
