using DataPlane.Control.Timeline;
using Xunit;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Tests.Control.Timeline;

/// <summary>What a peer can make of the account by what it says of its clock. Virtual time, nanoseconds.</summary>
public sealed class LyingPeerTests
{
    private const long Microsecond = 1000, Second = 1_000_000_000, Stop = 10 * Second;

    /// <summary>What happened, by the source's clock.</summary>
    private static readonly (BlackoutMoment Moment, long At, bool IsDestinations)[] Truth =
    [
        .. new (BlackoutMoment, long, bool)[]
        {
            (StopAsked, 0, false), (Stopped, 100, false), (Synced, 200, false), (Sent, 5000, false), (Placed, 6000, true), (Loaded, 8000, true), (PreparedHeard, 8200, false),
            (Given, 8400, false), (CommitHeard, 8600, true), (Taken, 9000, true), (FirstInstruction, 9500, true), (RunningHeard, 9800, false), (Announced, 9900, true), (AnnouncedHeard, 10_100, false),
        }.Select(each => (each.Item1, Stop + (each.Item2 * Microsecond), each.Item3)),
    ];

    /// <summary>The lie cancels: pongs and moments are in the same words, and the account is as if the truth had been told.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3 * 3600, 300)]
    [InlineData(-3600, -900)]
    public void Lie_that_is_the_same_in_all_it_says_is_another_clock(long seconds, double ppm)
    {
        long Says(long at) => at + (long)(at * ppm / 1e6) + (seconds * Second);
        var account = Account(Says, Says);
        Assert.Null(account.Contradiction);
        foreach (var segment in account.Segments)
        {
            var ended = Truth.Single(each => each.Moment == SegmentTable.Joined.Single(kind => kind.Name == segment.Name).End).At - Stop;
            Assert.InRange(segment.End - ended, -account.Clock.Error, account.Clock.Error);
        }
        Assert.InRange(account.Total - (9500 * Microsecond), -account.Clock.Error, account.Clock.Error);
        var announce = account.Stages.Single(stage => stage.Name == "announce");
        Assert.InRange(announce.Duration - (400 * Microsecond), -2 * account.Clock.Error, 2 * account.Clock.Error);
    }

    /// <summary>Pongs of another clock than the moments: no further than the source's own moments reach, whether it is found or not.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(-40)]
    [InlineData(1500)]
    [InlineData(-1500)]
    [InlineData(1_000_000)]
    [InlineData(-3_600_000_000)]
    public void Lie_in_the_pongs_alone_moves_time_between_neighbours_and_no_further(long microseconds)
    {
        var account = Account(at => at + (microseconds * Microsecond), at => at);
        foreach (var (name, took) in new[] { ("stop", 100), ("final-sync", 100), ("final-memory", 4800), ("give", 200) })
            Assert.Equal(took * Microsecond, account.Segments.Single(segment => segment.Name == name).Duration);
        Assert.Equal(3200 * Microsecond, Took("drain") + Took("load-state") + Took("prepared"));
        var error = account.Clock.Error;
        Assert.InRange(account.Total, (8400 * Microsecond) - error, (9800 * Microsecond) + error);
        Assert.InRange(Took("commit") + Took("take") + Took("resume"), 0, 1400 * Microsecond);
        var announce = account.Stages.Single(stage => stage.Name == "announce");
        Assert.InRange(announce.Start + announce.Duration, 8400 * Microsecond, 10_100 * Microsecond);
        // What is larger than a round trip leaves open puts effects before causes, and is told.
        Assert.Equal(Math.Abs(microseconds) > 1000, account.Contradiction is not null);

        long Took(string name) => account.Segments.Single(segment => segment.Name == name).Duration;
    }

    private static BlackoutAccount Account(Func<long, long> pongs, Func<long, long> moments)
    {
        var clocks = new ClockSync();
        for (var at = 0L; at < Stop; at += Second / 2) clocks.Add(at, pongs(at + (150 * Microsecond)), at + (300 * Microsecond));
        var times = new BlackoutTimes(0);
        foreach (var (moment, at, isDestinations) in Truth) times.Mark(moment, isDestinations ? moments(at) : at);
        return BlackoutAccount.Of(times, clocks)!;
    }
}
