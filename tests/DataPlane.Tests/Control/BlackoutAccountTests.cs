using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control;

public sealed class BlackoutAccountTests
{
    private const long Offset = 1_000_000;

    private static readonly BlackoutTimes Times = new()
    {
        StopAsked = 1000,
        Stopped = 1010,
        Synced = 1030,
        Sent = 1060,
        Placed = Offset + 1100,
        Loaded = Offset + 1150,
        PreparedHeard = 1210,
        Verified = 1210,
        Given = 1280,
        CommitHeard = Offset + 1360,
        Taken = Offset + 1450,
        Resumed = Offset + 1550,
    };

    [Fact]
    public void Every_moment_ends_a_segment_on_the_clock_of_the_source()
    {
        var account = BlackoutAccount.Of(Times, Clock());
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
        Assert.Equal(550, account.Total);
    }

    [Fact]
    public void Comparing_memories_is_a_segment_and_not_counted()
    {
        var account = BlackoutAccount.Of(
            Times with { Verified = 2210, Given = 2280, CommitHeard = Offset + 2360, Taken = Offset + 2450, Resumed = Offset + 2550 }, Clock());
        Assert.Contains(new AccountSegment("verify", MigrationSide.Source, 210, 1000), account.Segments);
        Assert.Equal(550, account.Total);
        AssertTiles(account, 1550);
    }

    [Fact]
    public void A_clock_that_puts_an_effect_before_its_cause_makes_it_come_right_after()
    {
        // By this clock the last byte is in place 80 before it was sent.
        var account = BlackoutAccount.Of(Times with { Placed = Offset + 980 }, Clock());
        Assert.Contains(new AccountSegment("drain", null, 60, 0), account.Segments);
        Assert.Contains(new AccountSegment("load-state", MigrationSide.Destination, 60, 90), account.Segments);
        AssertTiles(account, 550);
        // By this one PREPARED was heard before the state was loaded, and the guest ran before COMMIT went out.
        var late = BlackoutAccount.Of(Times with { Loaded = Offset + 1250, CommitHeard = Offset + 1, Taken = Offset + 2, Resumed = Offset + 3 }, Clock());
        Assert.Contains(new AccountSegment("prepared", null, 250, 0), late.Segments);
        AssertTiles(late, 280);
    }

    [Fact]
    public void Whatever_the_clocks_say_the_segments_tile_the_time_without_gap_or_overlap() =>
        PropertyCheck.Holds<(short[] Steps, int Offset, short Wrong)>(input =>
        {
            var at = (input.Steps ?? []).Concat(Enumerable.Repeat((short)7, 12)).Select(step => (long)step).ToArray();
            long now = 0;
            long Next(int i) => now += at[i]; // Steps back, too: a clock may be set.
            long Far(int i) => Next(i) + input.Offset + input.Wrong;
            var times = new BlackoutTimes
            {
                StopAsked = Next(0), Stopped = Next(1), Synced = Next(2), Sent = Next(3), Placed = Far(4), Loaded = Far(5),
                PreparedHeard = Next(6), Verified = Next(7), Given = Next(8), CommitHeard = Far(9), Taken = Far(10), Resumed = Far(11),
            };
            var clock = new ClockSync();
            clock.Add(0, input.Offset, 0);
            var account = BlackoutAccount.Of(times, clock);
            AssertTiles(account, account.Segments[^1].Start + account.Segments[^1].Duration);
            Assert.Equal(account.Segments.Count, account.Segments.Select(segment => segment.Name).Distinct().Count());
        }, tests: 500);

    private static ClockSync Clock()
    {
        var clock = new ClockSync();
        clock.Add(sent: 0, answered: Offset + 5, heard: 10);
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
        Assert.Equal(end - account.Segments.Where(segment => segment.Name == "verify").Sum(segment => segment.Duration), account.Total);
    }
}
