using DataPlane.Guests;
using DataPlane.Guests.Work;
using DataPlane.Host;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests.Work;

/// <summary>A real guest of threads, read in time that passes when the test says so.</summary>
public sealed class GuestWorkSamplerTests : IDisposable
{
    private readonly ManualTimers _time = new();
    private readonly IGuest _guest = Guest.CreateSource(new GuestOptions { Kind = GuestKind.Synthetic, MemoryBytes = 1 << 20, Fill = MemoryFill.Zero });

    public void Dispose() => _guest.Dispose();

    [Fact]
    public async Task Guest_is_read_while_it_runs_and_not_while_it_stands()
    {
        using var work = new GuestWorkSampler(_guest, _time);
        Tick(3);
        _guest.Start();
        Tick(2);
        work.Begin();
        await _guest.PauseAsync(default);
        Tick(4);
        await _guest.ResumeAsync(default);
        Tick(2);
        var log = work.End();
        Assert.Equal(500_000_000, log.Began);
        Assert.Equal([400, 500, 500, 1000, 1100, 1100], log.Points.Select(point => point.Nanoseconds / 1_000_000));
        Assert.Equal([false, true, true, false, true, true], log.Points.Select(point => point.Joined));
        Assert.Equal(log.Points.Select(point => point.Writes).Order(), log.Points.Select(point => point.Writes));
        Tick(1);
        Assert.Equal(6, work.End().Points.Count);
    }

    [Fact]
    public async Task Last_reading_of_a_guest_that_stands_is_of_its_last_instruction()
    {
        using var work = new GuestWorkSampler(_guest, _time);
        _guest.Start();
        Tick(1);
        await _guest.PauseAsync(default);
        Tick(5);
        var last = work.End().Points[^1];
        Assert.Equal(((IGuestMoments)_guest).StoppedAt, last.Nanoseconds);
        Assert.Equal((_guest.WriteCount, true), (last.Writes, last.Joined));
    }

    [Fact]
    public void Hours_of_readings_are_kept_ever_further_apart()
    {
        _guest.Start();
        using var work = new GuestWorkSampler(_guest, _time);
        Tick(20_000);
        var points = work.End().Points;
        Assert.InRange(points.Count, 2000, 4100);
        Assert.Equal((0, 2_000_000), (points[0].Nanoseconds / 1_000_000, points[^1].Nanoseconds / 1_000_000));
        Assert.All(points.Skip(1), point => Assert.True(point.Joined));
        Assert.Equal(points.Select(point => point.Nanoseconds).Order(), points.Select(point => point.Nanoseconds));
    }

    private void Tick(int times) => _time.Advance(times * GuestWorkSampler.Interval);
}
