using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Destination;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Switchover;

/// <summary>The destination's watch over the source's limit, in virtual time.</summary>
public sealed class DeadlineWatchTests : IDisposable
{
    private const long Ms = 1_000_000;

    private readonly ManualTimers _time = new();
    private readonly SessionFault _fault = new();
    private readonly DeadlineWatch _watch = new();
    private string _step = "load-state net";

    public void Dispose()
    {
        _watch.Dispose();
        _fault.Dispose();
    }

    private SessionClock Clock => new(_time);

    [Fact]
    public void A_load_that_is_not_done_in_time_is_called_off_by_name()
    {
        Set(prepareBy: 100);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Null(_fault.Error);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((MigrationErrorCode.LimitMissed, MigrationSide.Destination, "load-state net"), (_fault.Error!.Code, _fault.Error.Side, _fault.Error.Step));
    }

    [Fact]
    public void While_it_only_receives_the_source_has_the_first_word()
    {
        _step = DestinationSession.Receiving;
        Set(prepareBy: 100);
        _time.Advance(TimeSpan.FromMilliseconds(1099));
        Assert.Null(_fault.Error);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(MigrationErrorCode.LimitMissed, _fault.Error!.Code);
    }

    [Fact]
    public void What_is_prepared_is_dropped_by_no_clock_but_a_late_commit_is_refused()
    {
        Set(prepareBy: 100, takeBy: 150);
        _watch.Prepared();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(_fault.Error);
        var start = Clock.Nanoseconds - (long)TimeSpan.FromHours(1).TotalNanoseconds;
        Assert.False(_watch.IsTooLate(start + (150 * Ms)));
        Assert.True(_watch.IsTooLate(start + (150 * Ms) + 1));
    }

    [Fact]
    public void The_last_deadline_counts()
    {
        Set(prepareBy: 100);
        _time.Advance(TimeSpan.FromMilliseconds(90));
        Set(prepareBy: 100);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Null(_fault.Error);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(_fault.Error);
    }

    /// <summary>A source may say anything.</summary>
    [Theory]
    [InlineData(long.MinValue, true)]
    [InlineData(long.MaxValue, false)]
    [InlineData(0, true)]
    public void Absurd_times_end_it_at_once_or_never(long by, bool ends)
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        _watch.Set(new DeadlineMessage(by, by, by), _fault, Clock, () => _step);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ends, _fault.Error is not null);
    }

    [Fact]
    public void Without_a_deadline_nothing_is_too_late() => Assert.False(_watch.IsTooLate(long.MaxValue));

    private void Set(long prepareBy, long takeBy = 200) => _watch.Set(
        new DeadlineMessage(Clock.Nanoseconds + (prepareBy * Ms), Clock.Nanoseconds + (takeBy * Ms), Clock.Nanoseconds + (takeBy * Ms)), _fault, Clock, () => _step);
}
