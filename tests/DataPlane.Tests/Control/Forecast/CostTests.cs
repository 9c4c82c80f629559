using DataPlane.Control.Forecast;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Control.Forecast;

public sealed class CostTests
{
    [Fact]
    public void The_first_measurement_replaces_the_guess()
    {
        var cost = new StepCost(Estimate.Microseconds(5000, 1000));
        Assert.Equal(5000, cost.Estimate.Expected.TotalMicroseconds);
        cost.Add(TimeSpan.FromMicroseconds(80));
        Assert.Equal(80, cost.Estimate.Expected.TotalMicroseconds);
        Assert.Equal(1, cost.Count);
    }

    [Fact]
    public void What_is_always_the_same_becomes_certain()
    {
        var cost = new StepCost(Estimate.Zero);
        for (var i = 0; i < 30; i++) cost.Add(TimeSpan.FromMicroseconds(300));
        Assert.Equal(300, cost.Estimate.Expected.TotalMicroseconds);
        Assert.True(cost.Estimate.Deviation < TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public void The_mean_stays_within_what_was_measured() => PropertyCheck.Holds<byte[]>(measured =>
    {
        if (measured is not { Length: > 0 }) return;
        var cost = new StepCost(Estimate.Microseconds(1e6, 0));
        foreach (var time in measured) cost.Add(TimeSpan.FromMicroseconds(time));
        Assert.InRange(cost.Estimate.Expected.TotalMicroseconds, measured.Min() - 0.5, measured.Max() + 0.5);
    });

    [Fact]
    public void Prices_of_frames_and_pages_are_told_apart_once_passes_differ()
    {
        var cost = new FrameCost();
        for (var pass = 1; pass <= 6; pass++)
        {
            long frames = pass % 2 == 0 ? 50 : 3, pages = pass % 2 == 0 ? 70 : 1500;
            cost.Add(frames, pages, TimeSpan.FromMicroseconds((frames * 20) + (pages * 0.9)));
        }
        Assert.Equal(20e-6, cost.PerFrame, 1e-7);
        Assert.Equal(0.9e-6, cost.PerPage, 1e-8);
        Assert.Equal(((200 * 20) + (300 * 0.9)) / 2, cost.Of(200, 300, 2).TotalMicroseconds, 1.0);
    }

    /// <summary>One kind of pass, or passes that contradict each other: never less than nothing, and the last kind is priced right.</summary>
    [Fact]
    public void No_price_is_ever_negative() => PropertyCheck.Holds<(byte, byte, byte)[]>(passes =>
    {
        var cost = new FrameCost();
        foreach (var (frames, pages, time) in passes ?? [])
        {
            cost.Add(frames, pages, TimeSpan.FromMicroseconds(time));
            Assert.True(cost is { PerFrame: >= 0, PerPage: >= 0 });
            Assert.True(double.IsFinite(cost.PerFrame) && double.IsFinite(cost.PerPage));
        }
    });

    [Fact]
    public void A_read_costs_what_the_least_of_the_last_nine_needed()
    {
        var cost = new ReadCost();
        Assert.Equal(100, cost.Estimate.Expected.TotalMicroseconds);
        foreach (var milliseconds in new[] { 20.0, 0.4, 7, 22, 18 }) cost.Add(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(0.4, cost.Estimate.Expected.TotalMilliseconds, 0.001);
        for (var i = 0; i < 9; i++) cost.Add(TimeSpan.FromMilliseconds(3 + i));
        Assert.Equal(3, cost.Estimate.Expected.TotalMilliseconds, 0.001);
        Assert.InRange(cost.Estimate.Deviation.TotalMilliseconds, 1, 2);
    }

    [Fact]
    public void A_pass_of_nothing_teaches_nothing()
    {
        var cost = new FrameCost();
        cost.Add(0, 0, TimeSpan.FromSeconds(1));
        cost.Add(5, 100, TimeSpan.Zero);
        Assert.False(cost.Known);
    }

    [Fact]
    public void Sections_cost_what_was_measured_and_before_that_what_was_declared()
    {
        var costs = new SwitchoverCosts();
        Assert.Equal(7, costs.Save("disk", TimeSpan.FromMilliseconds(7), 0).Expected.TotalMilliseconds);
        costs.Saved("disk", TimeSpan.FromMilliseconds(90));
        Assert.Equal(90, costs.Save("disk", TimeSpan.FromMilliseconds(7), 0).Expected.TotalMilliseconds);
        Assert.Equal(7, costs.Load("disk", TimeSpan.FromMilliseconds(7), 0).Expected.TotalMilliseconds);
        Assert.Equal(9, costs.Load("disk", TimeSpan.FromMilliseconds(7.8), 4_000_000).Expected.TotalMilliseconds, 1e-6); // 0.3 ns a byte.
        Assert.Equal(90, costs.Save("disk", TimeSpan.FromMilliseconds(7), 4_000_000).Expected.TotalMilliseconds);
        Assert.Equal(0, costs.Save("net", TimeSpan.Zero, 0).Expected.TotalMilliseconds);
    }

    [Fact]
    public void One_answer_that_took_seconds_moves_no_round_trip()
    {
        var trips = new RoundTrips();
        Assert.Equal((Estimate.Zero, TimeSpan.Zero), (trips.Estimate, trips.Fastest));
        foreach (var milliseconds in new[] { 2.0, 2.2, 5000, 1.9, 2.1, 2.0, 2.3 }) trips.Add(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(2.1, trips.Estimate.Expected.TotalMilliseconds, 0.001);
        Assert.InRange(trips.Estimate.Deviation.TotalMilliseconds, 0.1, 0.3);
        Assert.Equal(1.9, trips.Fastest.TotalMilliseconds, 0.001);
        for (var i = 0; i < 9; i++) trips.Add(TimeSpan.FromMilliseconds(40));
        Assert.Equal(new Estimate(TimeSpan.FromMilliseconds(40), TimeSpan.Zero), trips.Estimate);
        Assert.Equal(1.9, trips.Fastest.TotalMilliseconds, 0.001);
    }
}
