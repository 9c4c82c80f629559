using DataPlane.Options;
using DataPlane.Tools.Predict;
using Xunit;

namespace DataPlane.Tests.Tools.Predict;

public sealed class PredictorTests
{
    private const double Second = (1L << 30) / Guests.Link;

    [Fact]
    public void Idle_guest_takes_its_memory_over_the_link_and_is_stopped_with_nothing_left()
    {
        var options = Guests.Options();
        var of = Predictor.Run(options);
        Assert.Equal(PredictVerdict.Fits, of.Verdict);
        Assert.True(of.IsSure);
        var machine = options.Machine;
        Assert.InRange(of.TotalTime.Expected / 1e3, Second + machine.Setup.TotalSeconds, (Second * 1.001) + machine.Setup.TotalSeconds + 0.02);
        Assert.InRange(of.Downtime!.Expected, 0.5, 5);
        Assert.Equal("network", of.Bottleneck);
        Assert.Empty(of.Advice);
    }

    [Fact]
    public void Each_pass_leaves_the_part_of_the_last_that_the_dirty_rate_is_of_the_link()
    {
        // A sequential writer meets no page twice, so a pass of x bytes leaves x times 0.4.
        var of = Predictor.Run(Guests.Options(0.4 * Guests.Link, PredictPattern.Sequential));
        Assert.Equal(PredictVerdict.Fits, of.Verdict);
        Assert.Equal(0.4 * (1 << 18), of.Passes[1].DirtyPages, 0.01 * (1 << 18));
        Assert.Equal(0.16 * (1 << 18), of.Passes[2].DirtyPages, 0.01 * (1 << 18));
        Assert.True(of.TotalTime.Expected < 1.1e3 * Second / 0.6);
    }

    [Theory]
    [InlineData(StallHandling.Wait, TimeoutPolicy.Cancel, PredictVerdict.Stays)]
    [InlineData(StallHandling.Wait, TimeoutPolicy.Force, PredictVerdict.OverLimit)]
    [InlineData(StallHandling.Cancel, TimeoutPolicy.Cancel, PredictVerdict.Stays)]
    [InlineData(StallHandling.Force, TimeoutPolicy.Cancel, PredictVerdict.OverLimit)]
    [InlineData(StallHandling.Minimum, TimeoutPolicy.Cancel, PredictVerdict.OverLimit)]
    [InlineData(StallHandling.Throttle, TimeoutPolicy.Cancel, PredictVerdict.Fits)]
    public void Guest_faster_than_the_link_ends_as_the_policy_for_it_says(StallHandling onStall, TimeoutPolicy onTimeout, PredictVerdict verdict)
    {
        var options = Guests.Options(3 * Guests.Link);
        var of = Predictor.Run(options with { Migration = options.Migration with { OnStall = onStall, OnTimeout = onTimeout } });
        Assert.Equal(verdict, of.Verdict);
        if (onStall == StallHandling.Throttle) Assert.InRange(of.CpuThrottlePercentage, 40, 95);
        if (onStall == StallHandling.Wait) Assert.Equal(options.Migration.Timeout.TotalMilliseconds, of.TotalTime.Expected - (of.Downtime?.Expected ?? 0), 150.0);
        else Assert.True(of.TotalTime.Expected < options.Migration.Timeout.TotalMilliseconds);
    }

    [Fact]
    public void Passes_of_a_guest_that_cannot_converge_come_to_rest_where_they_reproduce_themselves()
    {
        var options = Guests.Options(2 * Guests.Link);
        var of = Predictor.Run(options);
        // What is clean and what was sent become dirty again, (1 - m) (1 - e) + m - (1 - e) B / r with e for the part that a pass leaves untouched: m = 1 - B / r.
        Assert.Equal(0.5, of.Passes[^1].DirtyPages / (double)(1 << 18), 0.01);
        Assert.NotNull(of.StillSinceMs);
    }

    [Fact]
    public void Devices_that_take_longer_than_the_limit_refuse_at_once()
    {
        var options = Guests.Options();
        var of = Predictor.Run(options with { Guest = options.Guest with { DeviceLoadTime = TimeSpan.FromSeconds(1) } });
        Assert.Equal(PredictVerdict.Stays, of.Verdict);
        Assert.Equal("refuse", of.Passes[^1].Decision);
        var advice = Assert.Single(of.Advice);
        Assert.Equal("downtime-limit", advice.Knob);
    }

    [Fact]
    public void Guest_that_writes_in_bursts_is_stopped_in_its_quiet_and_one_that_goes_on_so_is_not()
    {
        // 123 MB within a tenth of each second, more than the link carries in that time; or in every tenth.
        var memory = 256L << 20;
        var options = Guests.Options(memory: memory, link: 1e9);
        options = options with { Migration = options.Migration with { DowntimeLimit = TimeSpan.FromMilliseconds(12), Timeout = TimeSpan.FromSeconds(20) } };
        long[] burst = [30_000, .. Enumerable.Repeat(0L, 9)];
        long[] steady = [.. Enumerable.Repeat(30_000L, 10)];
        Assert.Equal(PredictVerdict.Fits, Of(burst));
        Assert.Equal(PredictVerdict.Stays, Of(steady));

        PredictVerdict Of(long[] pages) => Predictor.Run(options with { Guest = options.Guest with { Trace = Guests.Trace(memory, pages) } }).Verdict;
    }

    [Fact]
    public void More_bandwidth_never_makes_it_worse()
    {
        foreach (var pattern in Enum.GetValues<PredictPattern>())
        {
            var worst = double.PositiveInfinity;
            var fitted = false;
            foreach (var link in new[] { 0.25, 0.5, 1, 2, 4, 8, 16 })
            {
                var of = Predictor.Run(Guests.Options(80e6, pattern, 256L << 20, link * Guests.Link));
                Assert.True(!fitted || of.Verdict == PredictVerdict.Fits, $"{pattern}: fits below {link} and not there");
                fitted = of.Verdict == PredictVerdict.Fits;
                // Where passes end is a matter of their number: a tenth is allowed for that.
                Assert.True(of.TotalTime.Expected <= worst * 1.1, $"{pattern}: {of.TotalTime.Expected} ms at {link}, {worst} ms below");
                worst = of.TotalTime.Expected;
            }
            Assert.True(fitted, $"{pattern} does not fit over 16 times the link");
        }
    }

    [Fact]
    public void Advice_makes_it_fit_and_a_tenth_less_does_not()
    {
        var options = Guests.Options(1.5 * Guests.Link) with { Machine = new MachinePrices { Cores = 32 } };
        options = options with { Guest = options.Guest with { CompressibleShare = 1 } };
        var of = Predictor.Run(options);
        Assert.Equal(PredictVerdict.Stays, of.Verdict);
        var advice = of.Advice.ToDictionary(each => each.Change.StartsWith("--compression", StringComparison.Ordinal) ? each.Change : each.Knob);
        Assert.Contains("--compression zstd", advice.Keys);
        Assert.Contains("on-stall", advice.Keys);
        var limit = TimeSpan.FromMilliseconds(Number(advice["downtime-limit"].Change, "--downtime-limit ", "ms", "s"));
        Assert.Equal(PredictVerdict.Fits, Limit(limit).Verdict);
        Assert.NotEqual(PredictVerdict.Fits, Limit(limit * 0.85).Verdict);
        var link = Number(advice["link"].Change, "a link of ", " Mbit/s", " Gbit/s") * 1e6 / 8;
        Assert.Equal(PredictVerdict.Fits, At(link).Verdict);
        Assert.NotEqual(PredictVerdict.Fits, At(link * 0.85).Verdict);

        Prediction Limit(TimeSpan time) => Predictor.Run(options with { Migration = options.Migration with { DowntimeLimit = time } });
        Prediction At(double rate) => Predictor.Run(options with { Link = options.Link with { BytesPerSecond = rate } });
    }

    [Fact]
    public void Guest_in_the_middle_of_its_migration_has_only_the_rest_to_go()
    {
        var options = Guests.Options();
        var of = Predictor.Run(options with { Guest = options.Guest with { RemainingBytes = 1L << 28 } });
        Assert.Equal(1 << 16, of.Passes[0].DirtyPages, 1.0);
        Assert.InRange(of.TotalTime.Expected, 250 * Second, 300 * Second);
    }

    [Fact]
    public void Cap_that_is_too_low_is_found()
    {
        var options = Guests.Options(0.5 * Guests.Link, PredictPattern.Sequential);
        var of = Predictor.Run(options with { Migration = options.Migration with { MaxBytesPerSecond = (long)(0.4 * Guests.Link) } });
        Assert.NotEqual(PredictVerdict.Fits, of.Verdict);
        Assert.Equal("cap", of.Bottleneck);
        Assert.Contains(of.Advice, advice => advice.Change == "--max-bandwidth unlimited");
    }

    [Fact]
    public void Same_options_give_the_same_document() => Assert.Equal(Predictor.Run(Guests.Options(5e7, PredictPattern.Zipf)).ToJson(), Predictor.Run(Guests.Options(5e7, PredictPattern.Zipf)).ToJson());

    [Fact]
    public void Options_that_contradict_each_other_are_refused_with_both()
    {
        var options = Guests.Options();
        var fault = Assert.Throws<ArgumentException>(() => Predictor.Run(options with { Guest = options.Guest with { Trace = Guests.Trace(1 << 20, 1) } }));
        Assert.Contains("1048576", fault.Message, StringComparison.Ordinal);
        Assert.Contains("1073741824", fault.Message, StringComparison.Ordinal);
    }

    private static double Number(string text, string before, string unit, string thousands)
    {
        var word = text[before.Length..];
        return word.EndsWith(unit, StringComparison.Ordinal) ? double.Parse(word[..^unit.Length], System.Globalization.CultureInfo.InvariantCulture)
            : 1000 * double.Parse(word[..^thousands.Length], System.Globalization.CultureInfo.InvariantCulture);
    }
}
