using System.Diagnostics;
using System.Net;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>The account of a blackout against the truth, which both guests in one process can tell.</summary>
[Collection("machine")]
public sealed class AccountTests
{
    private static readonly string[] Segments =
        ["stop", "final-sync", "final-memory", "drain", "load-state", "prepared", "verify", "give", "commit", "take", "resume"];

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task AccountIsTheTimeFromTheLastInstructionToTheFirst(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var source = Guest.CreateSource(GuestSizes.Busy(kind));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(kind) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        long asked = 0;
        pair.SourceHost.Before("pause", () =>
        {
            asked = Stopwatch.GetTimestamp();
            Thread.Sleep(20); // The guest runs on: no part of the blackout.
        });
        pair.DestinationHost.After("resume", () => Thread.Sleep(20)); // It runs already.
        source.Start();
        GuestProgress.Await(source, 1000);
        var (sent, received) = await pair.RunAsync();
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        var account = AccountChecks.Sound(sent);
        Assert.Equal(Segments, AccountChecks.Names(account));
        Assert.True(account.Completed);
        Assert.InRange(account.ClockOffsetUs!.Value, -account.ClockErrorUs!.Value, account.ClockErrorUs.Value); // It is one clock.

        var (stopped, resumed) = (((IGuestMoments)source).StoppedAt!.Value, ((IGuestMoments)destination).ResumedAt!.Value);
        Assert.InRange(stopped, asked + 19_000_000, resumed);
        var truth = (resumed - stopped) / 1e3;
        var all = AccountChecks.EndOf(account, "resume");
        Assert.InRange(all, truth - account.ClockErrorUs.Value - 1, truth + account.ClockErrorUs.Value + 1);
        Assert.Equal(sent.Downtime!.Value * 1e3, all - account.Segments.Single(segment => segment.Name == "verify").DurationUs, tolerance: 0.05);
        AssertStages(account, source);
        AssertDestinationsPart(received, account);
    }

    [Theory]
    [InlineData(26, 0)]
    [InlineData(26, 400)]
    [InlineData(-26, -50)]
    public async Task ClockOfAnotherHost_IsFoundWithinItsError(int hoursAhead, double ppm)
    {
        var time = new ShiftedTime(TimeSpan.FromHours(hoursAhead), ppm);
        var (sent, _, stopped) = await MoveAsync(pair => pair.DestinationTime = time);
        var account = AccountChecks.Sound(sent);
        AssertCovers(account, time, stopped);
        Assert.DoesNotContain(sent.Warnings, IsOfTimes);
        Assert.Equal(Segments.Where(name => name != "verify"), AccountChecks.Names(account));
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(0, 6)]
    public async Task DelayOfOneDirection_IsWithinTheError(int thereMs, int backMs)
    {
        var time = new ShiftedTime(TimeSpan.FromHours(3), 50);
        var (sent, _, stopped) = await MoveAsync(
            pair => pair.DestinationTime = time,
            new RelayPlan { DelayThere = TimeSpan.FromMilliseconds(thereMs), DelayBack = TimeSpan.FromMilliseconds(backMs) });
        var account = AccountChecks.Sound(sent);
        AssertCovers(account, time, stopped);
        Assert.InRange(account.ClockErrorUs!.Value, 2_900, double.MaxValue); // Nobody can know which direction it was.
        Assert.DoesNotContain(sent.Warnings, IsOfTimes);
    }

    [Theory]
    [InlineData("load opaque", -3600)]
    [InlineData("acquire", -3600)]
    [InlineData("resume", -3600)]
    [InlineData("resume", 3600)]
    [InlineData("resume", -9_000_000_000)] // 285 years.
    public async Task TimesThatContradict_AreKeptInBounds_AndToldOf(string step, long leapSeconds)
    {
        var time = new ShiftedTime(TimeSpan.FromHours(1), 0);
        var (sent, received, _) = await MoveAsync(pair =>
        {
            pair.DestinationTime = time;
            pair.DestinationHost.Before(step, () => time.Leap(TimeSpan.FromSeconds(leapSeconds)));
        });
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.Equal(MigrationStatus.Completed, received.Status);
        var account = AccountChecks.Sound(sent);
        Assert.Contains(sent.Warnings, IsOfTimes);
        Assert.InRange(account.TotalUs, 0, sent.TotalTime!.Value * 1e3 + 60_000_000);
        _ = AccountChecks.Sound(received with { DowntimeBreakdown = received.DowntimeBreakdown! with { UnaccountedUs = 0 } });
    }

    /// <summary>It comes with the answer to the source's last word, which nothing waits for for long: some tries, since this machine has more to do.</summary>
    [Fact]
    public async Task Announcement_that_takes_no_time_is_in_the_account_of_both_sides()
    {
        BlackoutStage? announce = null;
        for (var tries = 0; tries < 4 && announce is null; tries++)
        {
            var (sent, received, _) = await MoveAsync(_ => { });
            announce = AccountChecks.Sound(sent).Stages.SingleOrDefault(stage => stage.Name == "announce");
            Assert.Contains(received.DowntimeBreakdown!.Stages, stage => stage.Name == "announce");
        }
        Assert.True(announce is { Side: MigrationSide.Destination, Segment: "resume" }, $"{announce}");
    }

    private static async Task<(MigrationResult Sent, MigrationResult Received, long Stopped)> MoveAsync(Action<MigrationPair> prepare, RelayPlan? control = null)
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic));
        using var pair = new MigrationPair(source, destination);
        pair.SourceOptions = pair.SourceOptions with { Verify = VerifyMode.Digest, DowntimeLimit = TimeSpan.FromMilliseconds(300) };
        prepare(pair);
        source.Start();
        await using var relay = new Relay(
            new IPEndPoint(IPAddress.Loopback, pair.Listener.Address.Port), number => number == 0 && control is not null ? control : RelayPlan.Faithful);
        var (sent, received) = await pair.RunAsync(control is null ? null : MigrationAddress.Of(relay.EndPoint));
        return (sent, received, ((IGuestMoments)source).StoppedAt!.Value);
    }

    /// <summary>The account's offset is of the guest's last instruction, of which the truth is known.</summary>
    private static void AssertCovers(DowntimeBreakdown account, ShiftedTime time, long stopped) => Assert.InRange(
        account.ClockOffsetUs!.Value - ((time.Of(stopped) - stopped) / 1e3), -account.ClockErrorUs!.Value - 0.01, account.ClockErrorUs.Value + 0.01);

    private static bool IsOfTimes(string warning) => warning.StartsWith("The destination's times contradict", StringComparison.Ordinal);

    private static void AssertStages(DowntimeBreakdown account, IGuest source)
    {
        foreach (var section in source.Sections)
        {
            Assert.Single(account.Stages, stage => stage.Name == $"save-state {section.Id}" && stage is { Side: MigrationSide.Source, Segment: "final-memory" });
            Assert.Single(account.Stages, stage => stage.Name == $"load-state {section.Id}" && stage is { Side: MigrationSide.Destination, Segment: "load-state" });
        }
        foreach (var (name, segment) in new[] { ("await-prepared", "drain"), ("await-running", "commit"), ("release", "give"), ("acquire", "take") })
            Assert.Single(account.Stages, stage => stage.Name == name && stage.Segment == segment);
    }

    private static void AssertDestinationsPart(MigrationResult received, DowntimeBreakdown joined)
    {
        var own = AccountChecks.Sound(received);
        Assert.Equal(["drain", "load-state", "await-commit", "take", "resume"], AccountChecks.Names(own));
        Assert.Contains(own.Stages, stage => stage.Name == "announce");
        foreach (var name in new[] { "take", "resume" })
            Assert.Equal(
                joined.Segments.Single(segment => segment.Name == name).DurationUs, own.Segments.Single(segment => segment.Name == name).DurationUs,
                joined.ClockErrorUs!.Value + 1);
    }
}
