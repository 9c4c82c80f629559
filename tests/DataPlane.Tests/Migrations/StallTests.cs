using System.Globalization;
using System.Text.RegularExpressions;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Passes that get nowhere, and what is done about them.</summary>
[Collection("stalls")]
public sealed class StallTests
{
    [Theory]
    [InlineData(StallAnswer.Switch)]
    [InlineData(StallAnswer.Abort)]
    public async Task TheEmbedderIsAsked_AndHeard(StallAnswer answer)
    {
        using var hand = Restless();
        var asked = new List<StallReport>();
        MigrationProgress? progress = null;
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with
        {
            OnStall = StallHandling.Ask,
            AskOnStall = (report, _) =>
            {
                asked.Add(report);
                progress = hand.Pair.Source!.Progress;
                return new(asked.Count == 1 ? StallAnswer.Continue : answer);
            },
        };
        var (sent, _) = await hand.Pair.RunAsync();

        Assert.Equal(2, asked.Count);
        var last = asked[^1];
        Assert.True(last is { RemainingBytes: > 0, DirtyBytesPerSecond: > 0, BytesPerSecond: 4 << 20, Forecast.Parts.Count: 10 }, $"{last}");
        Assert.True(last.Forecast.ExpectedUs > last.DowntimeLimit.TotalMicroseconds);
        Assert.True(progress!.ExpectedDowntime > TimeSpan.Zero && progress.Forecast!.LowUs <= progress.Forecast.HighUs);
        Assert.Contains(sent.Passes, pass => pass.Reason?.Contains("the embedder said continue", StringComparison.Ordinal) == true);
        if (answer == StallAnswer.Switch)
        {
            Assert.Equal(MigrationStatus.Completed, sent.Status);
            Assert.Equal("force", sent.Passes[^2].Decision);
            return;
        }
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.NotConverging), (sent.Status, sent.Error!.Code));
        Assert.Contains("said abort", sent.Error.Message, StringComparison.Ordinal);
        Assert.Empty(hand.Source.Steps);
    }

    [Theory]
    [InlineData(StallHandling.Force, "force")]
    [InlineData(StallHandling.Minimum, "force")]
    [InlineData(StallHandling.Cancel, "give-up")]
    public async Task OtherPolicies_DoWhatTheySay(StallHandling policy, string decision)
    {
        using var hand = Restless();
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { OnStall = policy };
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Equal(policy == StallHandling.Cancel ? MigrationStatus.Failed : MigrationStatus.Completed, sent.Status);
        Assert.Equal(decision, sent.Passes.Last(pass => pass.Decision != "final").Decision);
        var stalledFor = Regex.Match(sent.Passes.Last(pass => pass.Decision != "final").Reason!, @"(?:since|for) (\d+(?:\.\d+)?) s");
        Assert.True(stalledFor.Success && double.Parse(stalledFor.Groups[1].Value, CultureInfo.InvariantCulture) >= 2, stalledFor.Value);
    }

    /// <summary>Slowed down by 60 % it leaves what fits; slowed down further it would not have to be.</summary>
    [Fact]
    public async Task SlowedDownStepByStep_UntilItFits()
    {
        var percent = 0;
        using var hand = new DirtiedByHand(_ => percent < 60 ? 16 << 20 : 1 << 20);
        foreach (var step in new[] { 20, 40, 60 }) hand.Source.Before($"throttle {step}", () => percent = step);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { AvailSwitchoverBytesPerSecond = 4 << 20, OnStall = StallHandling.Throttle };
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.Equal(["throttle 20", "throttle 40", "throttle 60"], hand.Source.Steps.Take(3));
        Assert.Equal("switch", sent.Passes[^2].Decision);
        Assert.Contains(sent.Passes, pass => pass.CpuThrottlePercentage == 40);
        Assert.False(hand.Source.Overlapped);
    }

    [Fact]
    public async Task GivenUpWhileSlowedDown_GuestRunsFreelyAgain()
    {
        using var hand = Restless();
        using var cancel = new CancellationTokenSource();
        hand.Source.Before("throttle 40", cancel.Cancel);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { OnStall = StallHandling.Throttle };
        var (sent, _) = await hand.Pair.RunAsync(cancel: cancel.Token);
        Assert.Equal(MigrationStatus.Cancelled, sent.Status);
        Assert.Equal(["throttle 20", "throttle 40", "throttle 0"], hand.Source.Steps);
    }

    [Fact]
    public async Task LimitsChangedOnTheWay_Count()
    {
        using var hand = Restless();
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with
        {
            OnStall = StallHandling.Ask,
            AskOnStall = (_, _) =>
            {
                var source = hand.Pair.Source!;
                Assert.Contains("DowntimeLimit", Assert.Throws<ArgumentException>(() => source.Update(now => now with { DowntimeLimit = default })).Message, StringComparison.Ordinal);
                Assert.Contains("Only the downtime limit", Assert.Throws<ArgumentException>(() => source.Update(now => now with { Channels = 1 })).Message, StringComparison.Ordinal);
                source.Update(now => now with { DowntimeLimit = TimeSpan.FromSeconds(30), OnStall = StallHandling.Wait });
                return new(StallAnswer.Continue);
            },
        };
        var (sent, _) = await hand.Pair.RunAsync();
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.Equal("switch", sent.Passes[^2].Decision);
        Assert.Equal(30_000, sent.DowntimeLimit);
    }

    [Fact]
    public async Task DevicesThatMissTheLimitByTheirOwnWord_AreNeverStoppedFor()
    {
        using var hand = new DirtiedByHand(_ => 1 << 20, new DeviceSection("dev", 1, 1, TimeSpan.FromMilliseconds(800), TimeSpan.FromMilliseconds(300)));
        var (sent, received) = await hand.Pair.RunAsync();
        Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.WouldMissLimit), (sent.Status, sent.Error!.Code));
        Assert.Contains("1000 ms allowed", sent.Error.Message, StringComparison.Ordinal);
        Assert.Equal("refuse", sent.Passes[^1].Decision);
        Assert.Empty(hand.Source.Steps);
        Assert.Equal(MigrationErrorCode.WouldMissLimit, received.Error!.Code);
    }

    [Fact]
    public void HostsThatCannotThrottle_AreToldAtOnce()
    {
        using var end = new BackEnd();
        var options = new MigrationOptions { OnStall = StallHandling.Throttle };
        Assert.Contains("IGuestThrottle", Assert.Throws<ArgumentException>(() => new MigrationSource(end.From, end.Marks, BackEnd.Host(), options)).Message, StringComparison.Ordinal);
        var source = new MigrationSource(end.From, end.Marks, BackEnd.Host(), new MigrationOptions());
        _ = Assert.Throws<ArgumentException>(() => source.Update(_ => options));
        Assert.Contains("nobody to ask", Assert.Single(new MigrationOptions { OnStall = StallHandling.Ask }.Validate()), StringComparison.Ordinal);
    }

    /// <summary>Real writers, at full speed and slowed down by nine tenths: what they write in the time they are given at least.</summary>
    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task Guest_CanBeSlowedDown_AndSetFreeAgain(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(GuestSizes.Busy(kind));
        guest.Start();
        GuestProgress.Await(guest, 1000);
        var throttle = (IGuestThrottle)guest;
        await throttle.ThrottleAsync(95, default);
        var slow = await WritesAsync(guest);
        // 51,200 pages a second at most, whatever else the machine does: 5 % of them, and the tenth of a second that may be made up for.
        Assert.InRange(slow, 0, (51_200 / 20) + 5_120 + 1_024);
        // And it does go on: where the machine keeps a batch waiting, the rest that follows is 19 times as long, so that is waited for.
        GuestProgress.Await(guest, 1);
        await throttle.ThrottleAsync(0, default);
        GuestProgress.Await(guest, 51_200);
        await guest.PauseAsync(default);
    }

    private static async Task<long> WritesAsync(IGuest guest)
    {
        var before = guest.WriteCount;
        await Task.Delay(1000);
        return guest.WriteCount - before;
    }

    /// <summary>At the 4 MiB/s declared, the 16 MiB that each pass leaves take 4 s of the one allowed.</summary>
    private static DirtiedByHand Restless()
    {
        var hand = new DirtiedByHand(_ => 16 << 20);
        hand.Pair.SourceOptions = hand.Pair.SourceOptions with { AvailSwitchoverBytesPerSecond = 4 << 20 };
        return hand;
    }
}
