using DataPlane.Guests.Work;
using Xunit;

namespace DataPlane.Tests.Guests.Work;

/// <summary>Slowdown from readings, as numbers.</summary>
public sealed class GuestWorkAccountTests
{
    private const long Ms = 1_000_000;

    /// <summary>A quarter of 10^9 bytes a second before; a bit less while the passes run.</summary>
    private static readonly GuestWorkLog Source = new(
        [At(1000, 0, joined: false), At(1500, 125_000_000), At(2000, 250_000_000), At(2000.001, 250_000_000), At(2100, 275_000_000), At(2190, 295_000_000)], 2000 * Ms);

    private static readonly GuestWorkLog Destination = new([At(2500, 295_000_000, joined: false), At(2600, 420_000_000)], null);

    [Fact]
    public void Work_before_during_and_after_is_told_apart_and_so_is_the_slowdown()
    {
        var report = GuestWorkAccount.Of(Source, Destination)!;
        Assert.Equal(4000, report.BeforeMillisecondsPerGigabyte!.Value, 1.0);
        Assert.Equal(190 / 0.045, report.DuringMillisecondsPerGigabyte!.Value, 1.0);
        Assert.Equal(800, report.AfterMillisecondsPerGigabyte!.Value, 1.0);
        Assert.Equal(100 * ((190 / 0.045 / 4000) - 1), report.SlowdownPercent!.Value, 0.1);
        // From the migration's beginning, each as it ended; the blackout from 190 to 500 ms has none, nor has the moment between two readings.
        Assert.Equal([-500.0, 0, 100, 190, 600], report.Samples.Select(sample => Math.Round(sample.AtMs, 1)));
        Assert.Equal(4000, report.Samples[2].MillisecondsPerGigabyte!.Value, 1.0);
    }

    [Fact]
    public void Time_in_which_the_guest_stood_is_in_no_sample()
    {
        var log = new GuestWorkLog([At(0, 0, joined: false), At(100, 25_000_000), At(900, 25_000_000, joined: false), At(1000, 50_000_000)], 0);
        Assert.Equal(4000, GuestWorkAccount.Of(log, null)!.DuringMillisecondsPerGigabyte!.Value, 1.0);
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        Assert.Null(GuestWorkAccount.Of(null, null));
        Assert.Null(GuestWorkAccount.Of(null, Destination));
        var idle = GuestWorkAccount.Of(new GuestWorkLog([At(0, 5, joined: false), At(100, 5), At(200, 5)], 100 * Ms), null)!;
        Assert.Equal((null, null, null, null), (idle.BeforeMillisecondsPerGigabyte, idle.DuringMillisecondsPerGigabyte, idle.AfterMillisecondsPerGigabyte, idle.SlowdownPercent));
        Assert.Equal([null, null], idle.Samples.Select(sample => sample.MillisecondsPerGigabyte));
    }

    private static GuestWorkPoint At(double milliseconds, long bytes, bool joined = true) => new((long)(milliseconds * Ms), bytes / 4096, joined);
}
