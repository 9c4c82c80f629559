using DataPlane.Cli.Output;
using DataPlane.Core.Errors;
using DataPlane.Results;
using Xunit;

namespace DataPlane.Tests.Cli;

public sealed class WaterfallTests
{
    private static readonly DowntimeBreakdown Breakdown = new(
        1000, 0, -3600e6, 13.2,
        [
            new("stop", MigrationSide.Source, 0, 250), new("drain", null, 250, 500), new("load-state", MigrationSide.Destination, 750, 249),
            new("resume", MigrationSide.Destination, 999, 1),
        ],
        [
            new("load-state a-device-whose-name-is-too-long-for-any-table", MigrationSide.Destination, "load-state", 750, 100),
            new("await-prepared", MigrationSide.Source, "drain", 250, 5000),
        ]);

    [Fact]
    public void EverySegment_HasABarWhereItLies_InTheLaneOfItsSide()
    {
        var lines = Lines(Breakdown);
        Assert.Equal("blackout: 1,000 us, of which 0 us unaccounted; the destination's times are known to 13 us", lines[0]);
        Assert.EndsWith("source                    destination", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("  ######..................", Line(lines, "stop"), StringComparison.Ordinal);
        Assert.EndsWith("  ......------------......  ......------------......", Line(lines, "drain"), StringComparison.Ordinal);
        Assert.EndsWith("  " + new string(' ', 24) + "  ..................######", Line(lines, "load-state"), StringComparison.Ordinal);
        Assert.EndsWith(".......................#", Line(lines, "resume"), StringComparison.Ordinal); // However short.
    }

    [Fact]
    public void Stages_StandIndentedUnderTheirSegment_AndEndAtTheEdge()
    {
        var lines = Lines(Breakdown);
        Assert.Equal(Array.IndexOf(lines, Line(lines, "drain")) + 1, Array.IndexOf(lines, Line(lines, "  await-prepared")));
        Assert.EndsWith("  ......==================", Line(lines, "  await-prepared"), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("     load-state a-device-whos..", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 120));
        Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
    }

    [Fact]
    public void WhatDoesNotCount_TakesOneColumn_SoThatTheRestIsSeen()
    {
        var lines = Lines(Breakdown with
        {
            Segments =
            [
                new("stop", MigrationSide.Source, 0, 500), new("pre-switchover-wait", MigrationSide.Source, 500, 1e9),
                new("resume", MigrationSide.Destination, 1e9 + 500, 500),
            ],
            Stages = [],
        });
        Assert.EndsWith("  ############............", Line(lines, "stop"), StringComparison.Ordinal);
        Assert.EndsWith("  ...........~............", Line(lines, "pre-switchover-wait"), StringComparison.Ordinal);
        Assert.EndsWith("  ............############", Line(lines, "resume"), StringComparison.Ordinal);
    }

    [Fact]
    public void OneCalledOff_SaysSo()
    {
        var lines = Lines(Breakdown with
        {
            Completed = false, Segments = [Breakdown.Segments[0], new("rollback", MigrationSide.Source, 250, 750)], Stages = [],
        });
        Assert.StartsWith("blackout, called off: the guest stood still for 1,000 us", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("  ......##################", Line(lines, "rollback"), StringComparison.Ordinal);
    }

    [Fact]
    public void OneWithoutAnEnd_DoesNotPretendToOne()
    {
        var lines = Lines(Breakdown with { Completed = false, Segments = [Breakdown.Segments[0], new("commit", null, 250, 750)], Stages = [] });
        Assert.StartsWith("blackout whose end is not known here: 1,000 us until it was given up", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void TheDestinationsPart_IsCalledThat()
    {
        var lines = Lines(new DowntimeBreakdown(10, 0, null, null, [new("load-state", MigrationSide.Destination, 0, 10)], []));
        Assert.Equal("blackout, the destination's part: 10 us", lines[0]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, double.MaxValue)]
    [InlineData(1e300, 1e-300)]
    public void NoNumber_BreaksTheTable(double start, double takes)
    {
        var lines = Lines(new DowntimeBreakdown(takes, 0, null, null, [new("stop", MigrationSide.Source, start, takes)], []));
        Assert.Contains("#", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void NoSegments_OnlyTheHeadline() =>
        Assert.Equal(2, Lines(new DowntimeBreakdown(0, 0, null, null, [], [])).Length);

    private static string[] Lines(DowntimeBreakdown breakdown)
    {
        using var writer = new StringWriter();
        Waterfall.Write(writer, breakdown);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }

    private static string Line(string[] lines, string name) => Assert.Single(lines, line => line.StartsWith($"   {name} ", StringComparison.Ordinal));
}
