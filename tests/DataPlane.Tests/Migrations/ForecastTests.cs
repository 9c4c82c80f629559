using System.Diagnostics;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>What is foretold, learned and checked, over memory that a test dirties by hand: half of it once more after the first pass.</summary>
[Collection("machine")]
public sealed class ForecastTests
{
    private const long Dirtied = 32 << 20;

    /// <summary>The first blackout cannot know what nobody declared; the second does.</summary>
    [Fact]
    public async Task WhatABlackoutCost_IsForetoldOfTheNext()
    {
        var costs = new LearnedCosts();
        var forecasts = new List<Dictionary<string, double>>();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var hand = Once();
            hand.Destination.Before("load dev", cancel => Task.Delay(60, cancel));
            hand.Destination.Before("resume", cancel => Task.Delay(50, cancel));
            var sent = await MoveAsync(hand, options => options with { Costs = costs });
            forecasts.Add(PartsOf(sent));
        }
        Assert.True(forecasts[0]["load-state"] < 50_000 && forecasts[0]["resume"] < 45_000);
        Assert.True(forecasts[1]["load-state"] >= 55_000, $"{forecasts[1]["load-state"]} us");
        Assert.True(forecasts[1]["resume"] >= 45_000, $"{forecasts[1]["resume"]} us");
    }

    [Fact]
    public async Task DeclaredTimesOfDevices_AreForetold()
    {
        using var hand = Once(new DeviceSection("dev", 1, 1, TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(40)));
        var sent = await MoveAsync(hand, options => options with { DowntimeLimit = TimeSpan.FromSeconds(5) });
        var parts = PartsOf(sent);
        Assert.True(parts["final-memory"] >= 30_000 && parts["load-state"] >= 40_000);
        Assert.Equal(sent.ExpectedDowntime!.Value * 1e3, sent.Forecast!.ExpectedUs, 1.0);
    }

    /// <summary>A declaration a thousand times too high: the burst of half of the memory shows it before the guest is stopped.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Probe_ChecksTheDeclaration(bool probe)
    {
        using var hand = new DirtiedByHand(read => read switch { 1 => Dirtied, 2 => 1 << 20, _ => 0 });
        var sent = await MoveAsync(hand, options => options with { Channels = 1, AvailSwitchoverBytesPerSecond = 1L << 40, Probe = probe });
        Assert.Equal(1L << 40, sent.Bandwidth!.DeclaredBytesPerSecond);
        Assert.Equal(probe, sent.Bandwidth.ProbeBytesPerSecond is not null);
        Assert.Contains(sent.Passes, pass => pass.Reason?.Contains(probe ? "probed" : "declared", StringComparison.Ordinal) == true);
        if (!probe) return;
        Assert.InRange(sent.Bandwidth.ProbeBytesPerSecond!.Value, 1 << 20, 1L << 37);
        Assert.Contains(sent.Warnings, warning => warning.Contains("above the", StringComparison.Ordinal) && warning.Contains("that the probe", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeclarationFarBelowWhatIsReached_EarnsAWarning_AndThrottlesNothing()
    {
        using var hand = new DirtiedByHand(_ => Dirtied);
        var sent = await MoveAsync(hand, options => options with { AvailSwitchoverBytesPerSecond = 1 << 20, DowntimeLimit = TimeSpan.FromSeconds(60) });
        Assert.Contains("below the", Assert.Single(sent.Warnings), StringComparison.Ordinal);
        Assert.True(sent.Downtime < 10_000, "32 MiB at the declared 1 MiB/s would take 32 s.");
        Assert.True(sent.Bandwidth!.SwitchoverBytesPerSecond > 2 << 20);
    }

    /// <summary>
    /// Asked twice between two decisions: the second answer is larger, by what a guest that dirties as it did so far has dirtied meanwhile.
    /// </summary>
    [Fact]
    public async Task AskedAtAnyTime_TheForecastIsOfThatTime()
    {
        double early = 0, late = 0;
        DirtiedByHand? hand = null;
        using (hand = new DirtiedByHand(read =>
        {
            if (read == 3)
            {
                early = Expected(hand!);
                for (var watch = Stopwatch.StartNew(); late <= early && watch.Elapsed < TimeSpan.FromSeconds(20);) late = Expected(hand!);
            }
            return read switch { 1 => 2 << 20, 2 => 1 << 20, _ => 0 };
        }))
        {
            // At 1 MiB/s neither fits within half a second.
            var sent = await MoveAsync(
                hand, options => options with { AvailSwitchoverBytesPerSecond = 1 << 20, DowntimeLimit = TimeSpan.FromMilliseconds(500) });
            Assert.Equal("switch", sent.Passes[^2].Decision);
        }
        Assert.True(late > early && early > 0, $"{early} us, then {late} us");
    }

    private static double Expected(DirtiedByHand hand) => hand.Pair.Source!.Progress.Forecast!.ExpectedUs;

    private static DirtiedByHand Once(DeviceSection? device = null) => new(read => read == 1 ? Dirtied : 0, device);

    private static Dictionary<string, double> PartsOf(MigrationResult sent) => sent.Forecast!.Parts.ToDictionary(part => part.Name, part => part.ExpectedUs);

    private static async Task<MigrationResult> MoveAsync(DirtiedByHand hand, Func<MigrationOptions, MigrationOptions> with)
    {
        hand.Pair.SourceOptions = with(hand.Pair.SourceOptions);
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Null(sent.Error);
        return sent;
    }
}
