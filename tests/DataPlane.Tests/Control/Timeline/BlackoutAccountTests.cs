using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Tests.Control.Timeline;

public sealed class BlackoutAccountTests
{
    private const long Offset = 1_000_000;

    private static readonly (BlackoutMoment, long)[] Moments =
    [
        (StopAsked, 1000), (Stopped, 1010), (Synced, 1030), (PagesSent, 1040), (Sent, 1060), (Placed, Offset + 1100), (Loaded, Offset + 1150),
        (PreparedHeard, 1210), (Given, 1280), (CommitHeard, Offset + 1360), (Taken, Offset + 1450), (FirstInstruction, Offset + 1550), (RunningHeard, 1600),
    ];

    [Fact]
    public void Every_moment_ends_a_segment_on_the_clock_of_the_source()
    {
        var account = Of(Times());
        Assert.Equal(
        [
            new("stop", MigrationSide.Source, 0, 10),
            new("final-sync", MigrationSide.Source, 10, 20),
            new("final-memory", MigrationSide.Source, 30, 30),
            new("drain", null, 60, 40),
            new("load-state", MigrationSide.Destination, 100, 50),
            new("prepared", null, 150, 60),
            new("give", MigrationSide.Source, 210, 70),
            new("commit", null, 280, 80),
            new("take", MigrationSide.Destination, 360, 90),
            new("resume", MigrationSide.Destination, 450, 100),
        ], account.Segments);
        Assert.Equal((550L, 0L, true), (account.Total, account.Unaccounted, account.Completed));
        Assert.Null(account.Contradiction);
    }

    [Fact]
    public void It_begins_with_the_last_instruction_where_that_is_known()
    {
        var account = Of(Times((LastInstruction, 1004)));
        Assert.Equal(new AccountSegment("stop", MigrationSide.Source, 0, 6), account.Segments[0]);
        Assert.Equal(546, account.Total);
        AssertTiles(account, 546);
    }

    [Fact]
    public void Comparing_memories_and_waiting_before_the_switchover_are_segments_and_not_counted()
    {
        var account = Of(Times(
            (Continued, 1025), (Verified, 2210), (Given, 2280), (CommitHeard, Offset + 2360), (Taken, Offset + 2450), (FirstInstruction, Offset + 2550), (RunningHeard, 2600)));
        Assert.Contains(new AccountSegment("verify", MigrationSide.Source, 210, 1000), account.Segments);
        Assert.Contains(new AccountSegment("pre-switchover-wait", MigrationSide.Source, 10, 15), account.Segments);
        Assert.Equal((535L, 0L), (account.Total, account.Unaccounted));
        AssertTiles(account, 1550);
    }

    [Fact]
    public void An_arbiter_has_its_own_segment()
    {
        var account = Of(Times((Arbitrated, Offset + 1400)));
        Assert.Contains(new AccountSegment("arbitrate", MigrationSide.Destination, 360, 40), account.Segments);
        Assert.Contains(new AccountSegment("take", MigrationSide.Destination, 400, 50), account.Segments);
        AssertTiles(account, 550);
    }

    [Fact]
    public void A_clock_that_puts_an_effect_before_its_cause_makes_it_come_right_after()
    {
        // By this clock the last byte is in place 80 before it was sent: the fence arrived before this side had looked at the time.
        var account = Of(Times((Placed, Offset + 980)));
        Assert.Contains(new AccountSegment("drain", null, 60, 0), account.Segments);
        Assert.Contains(new AccountSegment("load-state", MigrationSide.Destination, 60, 90), account.Segments);
        AssertTiles(account, 550);
        Assert.Null(account.Contradiction);
    }

    [Fact]
    public void The_destinations_moments_move_none_of_the_sources()
    {
        // PREPARED was heard before the state was loaded, by this, and the guest ran before COMMIT went out.
        var account = Of(Times((Loaded, Offset + 1250), (CommitHeard, Offset + 1), (Taken, Offset + 2), (FirstInstruction, Offset + 3)));
        Assert.Contains(new AccountSegment("prepared", null, 210, 0), account.Segments);
        Assert.Contains(new AccountSegment("give", MigrationSide.Source, 210, 70), account.Segments);
        AssertTiles(account, 280);
        Assert.InRange(account.Total, 0, 280);
        Assert.InRange(Math.Abs(account.Unaccounted), 0, account.Clock.Error);
        Assert.Contains("The destination's times contradict", account.Contradiction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Sent), "final-memory", 30)]
    [InlineData(nameof(Synced), "final-sync", 20)]
    [InlineData(nameof(Stopped), "stop", 10)]
    public void One_that_is_called_off_has_the_segment_that_it_ended_in_and_the_way_back(string never, string last, long took)
    {
        var missing = Enum.Parse<BlackoutMoment>(never);
        var at = Moments.Single(each => each.Item1 == missing).Item2;
        var times = new BlackoutTimes(0);
        foreach (var (moment, when) in Moments.TakeWhile(each => each.Item1 != missing)) times.Mark(moment, when);
        times.Mark(GivenUp, at);
        times.Mark(BackAgain, at + 15);
        var account = Of(times);
        Assert.Equal((last, took), (account.Segments[^2].Name, account.Segments[^2].Duration));
        Assert.Equal(new AccountSegment("rollback", MigrationSide.Source, at - 1000, 15), account.Segments[^1]);
        Assert.Equal((at - 1000 + 15, 0L, false), (account.Total, account.Unaccounted, account.Completed));
        AssertTiles(account, account.Total);
    }

    [Fact]
    public void What_the_destination_told_of_one_called_off_is_in_it()
    {
        var times = new BlackoutTimes(2);
        foreach (var (moment, when) in Moments.TakeWhile(each => each.Item1 != Loaded)) times.Mark(moment, when);
        times.Add(BlackoutStageKind.LoadState, 0, Offset + 1105, Offset + 1120);
        times.Add(BlackoutStageKind.LoadState, 1, Offset + 1120, Offset + 1400); // And was still at it when the source went back.
        times.Mark(GivenUp, 1170);
        times.Mark(BackAgain, 1190);
        var account = Of(times);
        Assert.Equal(["stop", "final-sync", "final-memory", "drain", "load-state", "rollback"], account.Segments.Select(segment => segment.Name));
        Assert.Contains(new AccountStage("load-state", 0, MigrationSide.Destination, "load-state", 105, 15), account.Stages);
        Assert.Contains(new AccountStage("load-state", 1, MigrationSide.Destination, "load-state", 120, 50), account.Stages);
        Assert.Contains(new AccountStage("await-prepared", null, MigrationSide.Source, "drain", 60, 110), account.Stages);
        AssertTiles(account, 190);
    }

    [Fact]
    public void One_called_off_in_a_segment_that_not_all_have_names_it()
    {
        var times = new BlackoutTimes(0);
        foreach (var (moment, when) in Moments.TakeWhile(each => each.Item1 != Given)) times.Mark(moment, when);
        times.Enter(Verified);
        times.Mark(GivenUp, 1500);
        times.Mark(BackAgain, 1510);
        var account = Of(times);
        Assert.Contains(new AccountSegment("verify", MigrationSide.Source, 210, 290), account.Segments);
        Assert.DoesNotContain(account.Segments, segment => segment.Name == "give");
        Assert.Equal(220, account.Total);
    }

    [Fact]
    public void One_whose_end_is_not_known_goes_as_far_as_is_known()
    {
        var times = new BlackoutTimes(0);
        foreach (var (moment, when) in Moments.TakeWhile(each => each.Item1 != CommitHeard)) times.Mark(moment, when);
        times.Mark(GivenUp, 9000);
        var account = Of(times);
        Assert.Equal(new AccountSegment("commit", null, 280, 7720), account.Segments[^1]);
        Assert.False(account.Completed);
    }

    [Fact]
    public void Without_a_stop_there_is_no_account()
    {
        var times = new BlackoutTimes(0);
        times.Mark(GivenUp, 5);
        Assert.Null(BlackoutAccount.Of(times, Clock()));
        Assert.Null(BlackoutAccount.OfDestination(times));
    }

    [Fact]
    public void The_destination_alone_accounts_for_its_part()
    {
        var times = new BlackoutTimes(1);
        times.Mark(SwitchoverHeard, 90);
        foreach (var (moment, when) in new[] { (Placed, 100L), (Loaded, 150), (CommitHeard, 360), (Taken, 450), (FirstInstruction, 550), (Announced, 700) }) times.Mark(moment, when);
        times.Add(BlackoutStageKind.LoadState, 0, 101, 149);
        var account = BlackoutAccount.OfDestination(times)!;
        Assert.Equal(["drain", "load-state", "await-commit", "take", "resume"], account.Segments.Select(segment => segment.Name));
        Assert.Contains(new AccountStage("load-state", 0, MigrationSide.Destination, "load-state", 11, 48), account.Stages);
        Assert.Contains(new AccountStage("announce", null, MigrationSide.Destination, "resume", 460, 150), account.Stages);
        AssertTiles(account, 460);
    }

    [Fact]
    public void Whatever_a_peer_says_the_segments_tile_the_time_and_the_stages_lie_in_theirs() =>
        PropertyCheck.Holds<(short[] Steps, long[] Lies, int Offset, bool CalledOff, byte Known)>(input =>
        {
            var steps = (input.Steps ?? []).Concat(Enumerable.Repeat((short)7, 20)).Select(step => (long)Math.Abs((int)step)).ToArray();
            var lies = (input.Lies ?? []).Concat([long.MaxValue, long.MinValue, 0, -1, 5, long.MaxValue - 3, input.Offset]).ToArray();
            var times = new BlackoutTimes(2);
            long now = 1000;
            var i = 0;
            foreach (var moment in new[] { StopAsked, Stopped, Synced, PagesSent, Sent, PreparedHeard, Given }.Take(input.CalledOff ? 1 + (input.Known % 7) : 7))
                times.Mark(moment, now += steps[i++]);
            foreach (var moment in new[] { Placed, Loaded, CommitHeard, Arbitrated, Taken }.Take(input.CalledOff ? input.Known % 6 : 5)) times.Mark(moment, lies[i++ % lies.Length]);
            times.Add(BlackoutStageKind.LoadState, 0, lies[i++ % lies.Length], lies[i++ % lies.Length]);
            times.Add(BlackoutStageKind.LoadState, 1, lies[i++ % lies.Length], lies[i++ % lies.Length]);
            if (input.CalledOff)
            {
                times.Mark(GivenUp, now += 10);
                times.Mark(BackAgain, now += 10);
            }
            else
            {
                times.Mark(FirstInstruction, lies[i++ % lies.Length]);
                times.Mark(RunningHeard, now += 10);
            }
            var clock = new ClockSync();
            clock.Add(1000, 1000 + (long)input.Offset, 1010);
            var account = BlackoutAccount.Of(times, clock)!;
            AssertTiles(account, account.Segments[^1].End);
            Assert.InRange(account.Segments[^1].End, 0, now - 1000);
            Assert.InRange(account.Total, 0, now - 1000 + account.Clock.Error);
            Assert.InRange(Math.Abs(account.Unaccounted), 0, account.Clock.Error);
            Assert.Equal(account.Segments.Count, account.Segments.Select(segment => segment.Name).Distinct().Count());
            Assert.All(account.Stages, stage =>
            {
                var inside = account.Segments.Single(segment => segment.Name == stage.Segment);
                Assert.True(stage.Duration >= 0 && stage.Start >= 0);
                if (stage.Side == MigrationSide.Destination)
                    Assert.True(stage.Start >= inside.Start && stage.Start + stage.Duration <= inside.End);
            });
        }, tests: 500);

    private static BlackoutTimes Times(params (BlackoutMoment, long)[] instead)
    {
        var times = new BlackoutTimes(2);
        foreach (var (moment, at) in instead) times.Mark(moment, at);
        foreach (var (moment, at) in Moments) times.Mark(moment, at); // The first mark of a moment stays.
        return times;
    }

    private static BlackoutAccount Of(BlackoutTimes times) => BlackoutAccount.Of(times, Clock())!;

    private static ClockSync Clock()
    {
        var clock = new ClockSync();
        clock.Add(sent: 995, answered: Offset + 1000, heard: 1005);
        return clock;
    }

    private static void AssertTiles(BlackoutAccount account, long end)
    {
        long at = 0;
        foreach (var segment in account.Segments)
        {
            Assert.Equal(at, segment.Start);
            Assert.True(segment.Duration >= 0);
            at += segment.Duration;
        }
        Assert.Equal(end, at);
    }
}
