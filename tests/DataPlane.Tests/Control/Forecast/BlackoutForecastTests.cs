using DataPlane.Control.Bandwidth;
using DataPlane.Control.Forecast;
using DataPlane.Control.Timeline;
using DataPlane.Core.Dirty;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control.Forecast;

public sealed class BlackoutForecastTests
{
    /// <summary>What is foretold and what happened are held against each other by name, so the names have to be the account's.</summary>
    [Fact]
    public void The_parts_are_the_segments_of_the_account_in_their_order()
    {
        var times = new BlackoutTimes(0);
        BlackoutMoment[] notInAll = [BlackoutMoment.Continued, BlackoutMoment.Verified, BlackoutMoment.Arbitrated, BlackoutMoment.GivenUp, BlackoutMoment.BackAgain];
        foreach (var moment in Enum.GetValues<BlackoutMoment>().Except(notInAll)) times.Mark(moment, (long)moment);
        Assert.Equal(
            BlackoutAccount.Of(times, new ClockSync())!.Segments.Select(segment => segment.Name),
            BlackoutForecast.Of(Inputs.Typical).Parts.Select(part => part.Name));
    }

    [Fact]
    public void The_whole_is_the_sum_of_the_parts_and_its_spread_less_than_theirs()
    {
        var forecast = BlackoutForecast.Of(Inputs.Typical);
        Assert.Equal(forecast.Parts.Sum(part => part.Time.Expected.Ticks), forecast.Total.Expected.Ticks);
        Assert.True(forecast.Total.Deviation < TimeSpan.FromTicks(forecast.Parts.Sum(part => part.Time.Deviation.Ticks)));
        Assert.True(forecast.Total.Low < forecast.Total.Expected && forecast.Total.Expected < forecast.Total.High);
    }

    [Fact]
    public void Memory_takes_its_bytes_and_headers_over_the_bandwidth()
    {
        var forecast = BlackoutForecast.Of(Inputs.FreeOfAllButMemory with { DirtyPages = 1000, DirtyStripes = 10, WireBytesPerPage = 4096 });
        Assert.Equal(4.09768, forecast.Memory!.Value.TotalMilliseconds, 3); // 4,096,000 + 10 * 168 bytes at 1 GB/s.
        Assert.Equal(forecast.Memory.Value.TotalMilliseconds, forecast.Total.Expected.TotalMilliseconds, 2);
    }

    /// <summary>The first pass waits for the destination's memory as well; once a pass over pages sent before has told less, that counts, where the link is not the limit.</summary>
    [Fact]
    public void Pages_that_went_for_the_first_time_tell_no_more_than_pages_that_went_again()
    {
        var lessons = new PassLessons();
        var found = new DirtyCount(1000, 10, 1000, 0.01);
        lessons.Add(new PassFigures(100, 50_000, 50_000 * 4096, TimeSpan.FromSeconds(1), false, found, TimeSpan.FromSeconds(0.01), default) { IsFirst = true });
        Assert.Equal(10, Memory(linkIs: false), 0.5); // 1,000 pages of 20 us by two channels.
        lessons.Add(new PassFigures(10, 5000, 5000 * 4096, TimeSpan.FromMilliseconds(10), false, found, TimeSpan.FromSeconds(0.01), default));
        Assert.Equal(1, Memory(linkIs: false), 0.05); // Of 2 us.
        Assert.Equal(4.1, Memory(linkIs: true), 0.05);

        double Memory(bool linkIs) =>
            lessons.Blackout(1000, TimeSpan.Zero, 100_000, 200, Inputs.FreeOfAllButMemory with { RateIsLinks = linkIs }).Memory!.Value.TotalMilliseconds;
    }

    [Fact]
    public void Saving_beside_the_last_pages_costs_only_what_is_longer()
    {
        var pages = Inputs.FreeOfAllButMemory with { DirtyPages = 2441, DirtyStripes = 1 }; // 10 ms.
        Assert.Equal(10, Total(pages with { Save = Milliseconds(9) }), 0.1);
        Assert.Equal(25, Total(pages with { Save = Milliseconds(25) }), 0.1);
    }

    [Fact]
    public void Device_state_is_saved_carried_and_loaded()
    {
        var state = Inputs.FreeOfAllButMemory with { StateBytes = 50_000_000, Save = Milliseconds(20), Load = Milliseconds(30) };
        Assert.Equal(100, Total(state), 0.1);
        Assert.Equal(50, BlackoutForecast.Of(state).Declared.TotalMilliseconds, 0.1); // A measured rate may rise.
        Assert.Equal(100, BlackoutForecast.Of(state with { Rate = new CountedRate(1e9, "declared") }).Declared.TotalMilliseconds, 0.1);
        Assert.Equal(50, BlackoutForecast.Of(state with { RoundTrip = Milliseconds(5000) }).Declared.TotalMilliseconds, 0.1);
    }

    /// <summary>The fence's arrival, PREPARED and COMMIT each travel one way.</summary>
    [Fact]
    public void One_and_a_half_round_trips_lie_in_the_blackout() =>
        Assert.Equal(30, Total(Inputs.FreeOfAllButMemory with { RoundTrip = Milliseconds(20), FastestRoundTrip = TimeSpan.FromMilliseconds(20) }), 0.1);

    /// <summary>Pings that take longer than the fastest say that threads wait for their turn; the orders to the channels do six times.</summary>
    [Fact]
    public void A_machine_with_much_else_to_do_takes_longer() => Assert.Equal(
        30 + (1.5 * 12), Total(Inputs.FreeOfAllButMemory with { RoundTrip = Milliseconds(20), FastestRoundTrip = TimeSpan.FromMilliseconds(8) }), 0.1);

    /// <summary>Two sockets hold 2 MiB, which take 17 ms at 1 Gbit/s: the rest is handed over at the link's pace.</summary>
    [Fact]
    public void What_the_sockets_hold_drains()
    {
        var slow = Inputs.FreeOfAllButMemory with { DirtyPages = 4096, DirtyStripes = 8, Rate = new CountedRate(125e6, "measured") };
        Assert.Equal(16.8, Part(slow, "drain"), 0.1);
        Assert.Equal(134.2 - 16.8, Part(slow, "final-memory"), 0.2);
        Assert.Equal(0, Part(slow with { Save = Milliseconds(200) }, "drain"), 0.1);
        Assert.Equal(8, Part(slow with { Save = Milliseconds(200), StateBytes = 1_000_000 }, "drain"), 0.1);
    }

    [Fact]
    public void A_slow_source_counts_where_the_link_could_do_more()
    {
        var frames = new FrameCost();
        frames.Add(0, 1000, TimeSpan.FromMilliseconds(100)); // 0.1 ms of a channel's time a page.
        var input = Inputs.FreeOfAllButMemory with { DirtyPages = 1000, DirtyStripes = 10, Frames = frames };
        Assert.Equal(50, Total(input), 0.1); // Two channels.
        Assert.Equal(410, Total(input with { Rate = new(1e7, "measured") }), 1.0); // The link takes longer.
        Assert.Equal(50, Total(input with { Rate = new(null, "measured") }), 0.1);
    }

    [Fact]
    public void One_stripe_keeps_one_channel_busy_however_many_there_are()
    {
        var frames = new FrameCost();
        frames.Add(1, 500, TimeSpan.FromMilliseconds(1));
        var input = Inputs.FreeOfAllButMemory with { DirtyPages = 500, DirtyStripes = 1, Channels = 8, Frames = frames, Rate = new(null, "measured") };
        Assert.Equal(1, Total(input), 0.01);
        Assert.Equal(0.5, Total(input with { DirtyPages = 2000, DirtyStripes = 8 }), 0.01);
    }

    /// <summary>
    /// Encoded pages go by 64 at most, so a full stripe is eight frames. Passes of whole and of scattered stripes put all of the cost on frames: it must be asked for as
    /// many as there will be, and was for an eighth of them.
    /// </summary>
    [Fact]
    public void Encoded_pages_cost_as_many_frames_as_they_go_by()
    {
        var frames = new FrameCost();
        for (var pass = 0; pass < 3; pass++)
        {
            frames.Add(160, 10_240, TimeSpan.FromMilliseconds(160));
            frames.Add(20, 40, TimeSpan.FromMilliseconds(20));
        }
        var input = Inputs.FreeOfAllButMemory with
        {
            DirtyPages = 5120, DirtyStripes = 10, WireBytesPerPage = 800, PagesPerFrame = 64, Frames = frames, Rate = new CountedRate(1e9, "measured"),
        };
        Assert.Equal(40, Total(input), 0.5); // 80 frames, two channels.
        Assert.Equal(5, Total(input with { DirtyPages = 10 }), 0.5); // One frame each.
    }

    [Fact]
    public void A_read_is_foretold_twice_with_what_its_source_waits_for()
    {
        var costs = Inputs.NoCosts();
        for (var i = 0; i < 40; i++) costs.Reads.Add(TimeSpan.FromMilliseconds(4));
        var input = Inputs.FreeOfAllButMemory with { Sync = Milliseconds(1), Costs = costs };
        Assert.Equal(5, Part(input, "final-sync"), 0.1);
        Assert.Equal(10, Total(input), 0.1);
    }

    [Fact]
    public void Without_a_rate_and_without_passes_nothing_is_known() =>
        Assert.False(BlackoutForecast.Of(Inputs.Typical with { Rate = new CountedRate(null, "measured") }).Known);

    [Fact]
    public void More_of_anything_never_makes_the_blackout_shorter() => PropertyCheck.Holds<(byte Pages, byte Stripes, byte State, byte Save, byte Load, byte Trip)>(more =>
    {
        var frames = new FrameCost();
        frames.Add(5, 1000, TimeSpan.FromMilliseconds(9));
        var least = Inputs.Typical with { Frames = frames };
        var most = least with
        {
            DirtyPages = least.DirtyPages + (100 * more.Pages),
            DirtyStripes = least.DirtyStripes, // More stripes share better among the channels.
            StateBytes = least.StateBytes + (1000 * more.State),
            Save = least.Save + Milliseconds(more.Save),
            Load = least.Load + Milliseconds(more.Load),
            RoundTrip = least.RoundTrip + Milliseconds(more.Trip),
        };
        Assert.True(BlackoutForecast.Of(most).Total.Expected >= BlackoutForecast.Of(least).Total.Expected);
    });

    private static double Part(ForecastInput input, string name) =>
        BlackoutForecast.Of(input).Parts.Single(part => part.Name == name).Time.Expected.TotalMilliseconds;

    private static double Total(ForecastInput input) => BlackoutForecast.Of(input).Total.Expected.TotalMilliseconds;

    private static Estimate Milliseconds(double time) => new(TimeSpan.FromMilliseconds(time), default);
}
