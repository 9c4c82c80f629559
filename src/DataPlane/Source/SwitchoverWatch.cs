using System.Globalization;
using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;

namespace DataPlane.Source;

/// <summary>
/// Keeps the hard limit on the source's side: one deadline from the guest's last instruction on, and a timer that calls the switchover off as
/// long as the guest is still the source's, so early that giving it away and starting it over there would still be in time. Used by the
/// control loop; the timer's thread only sets the fault.
/// </summary>
/// <remarks>
/// Abort at = stop + limit - (give + commit + take + resume as expected, and their deviation) - the clock's error. The last is there because
/// the destination, which refuses a COMMIT that comes too late, maps the deadline to its own clock less that error.
/// </remarks>
internal sealed class SwitchoverWatch : IDisposable
{
    private readonly SourceState _state;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _tail;
    private readonly TimeSpan _taking;
    private readonly ClockFit _clocks;
    private ITimer? _timer;
    private long _stopped;
    private long _notCounted;
    private long _suspended;

    private SwitchoverWatch(SourceState state, TimeSpan limit)
    {
        _state = state;
        _limit = limit;
        _clocks = ClocksFor(state, limit);
        (_tail, _taking) = Tail();
    }

    /// <summary>Before the guest is stopped. Null where there is no hard limit.</summary>
    public static SwitchoverWatch? For(SourceState state) => state.Options.HardLimit is { } limit ? new SwitchoverWatch(state, limit) : null;

    /// <summary>The clocks over a blackout that begins now.</summary>
    public static ClockFit ClocksFor(SourceState state, TimeSpan limit)
    {
        var now = state.Clock.Nanoseconds;
        return state.Clocks.Fit(now, now + Nanoseconds(limit));
    }

    private long GuestRunsBy => _stopped + Nanoseconds(_limit) + _notCounted;

    private long AbortAt => GuestRunsBy - Nanoseconds(_tail);

    /// <summary>The guest is being stopped, and the watch begins.</summary>
    public void Begin(long stopped)
    {
        _stopped = stopped;
        _timer = _state.Clock.Time.CreateTimer(_ => Miss(), null, Until(AbortAt), Timeout.InfiniteTimeSpan);
        TellHost();
    }

    /// <summary>From here on time does not count: the guest waits for somebody's word, or is compared.</summary>
    public void Suspend()
    {
        _ = _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _suspended = _state.Clock.Nanoseconds;
    }

    /// <summary>Time counts again. The deadline has moved, and the destination is to be told as the host is.</summary>
    public void Resume()
    {
        _notCounted += _state.Clock.Nanoseconds - _suspended;
        _ = _timer!.Change(Until(AbortAt), Timeout.InfiniteTimeSpan);
        TellHost();
    }

    /// <summary>Tells the host's callbacks by when the guest must run.</summary>
    private void TellHost() =>
        (_state.Host as ISwitchoverDeadline)?.OnDeadline(new SwitchoverDeadline(GuestRunsBy, Until(GuestRunsBy)));

    /// <summary>Tells the destination, in times of its own clock and on the safe side of what is known of that.</summary>
    public ValueTask TellDestinationAsync(CancellationToken cancel)
    {
        var by = _clocks.ToDestination(GuestRunsBy) - _clocks.Error;
        return _state.Link.SendAsync(new DeadlineMessage(by - Nanoseconds(_tail), by - Nanoseconds(_taking), by), cancel);
    }

    /// <summary>The last look, just before the guest is given away: a timer may come late.</summary>
    public void ThrowIfMissed()
    {
        if (_state.Clock.Nanoseconds < AbortAt) return;
        Miss();
        throw new OperationCanceledException(_state.Fault.Stopping);
    }

    public void Dispose() => _timer?.Dispose();

    private void Miss()
    {
        var gone = TimeSpan.FromMicroseconds((_state.Clock.Nanoseconds - _stopped - _notCounted) / 1e3);
        _ = _state.Fault.TrySet(new MigrationError(
            MigrationErrorCode.LimitMissed, MigrationSide.Source, _state.Step,
            $"The blackout was called off after {Ms(gone)} ms, in {_state.Step}: the limit of {Ms(_limit)} ms could not be kept any more, "
            + $"since giving the guest away takes another {Ms(_tail)} ms."));
    }

    private TimeSpan Until(long time)
    {
        var left = time - _state.Clock.Nanoseconds;
        return left > 0 ? TimeSpan.FromMicroseconds(left / 1e3) : TimeSpan.Zero;
    }

    private (TimeSpan All, TimeSpan Taking) Tail()
    {
        var costs = _state.Costs;
        var taking = costs.Take.Estimate + costs.Resume.Estimate;
        var giving = costs.Give.Estimate + costs.Commit.Estimate + taking;
        var half = (_state.Return?.RoundTrip.OfLate.Expected ?? TimeSpan.Zero) / 2;
        return (giving.Expected + giving.Deviation + half + TimeSpan.FromMicroseconds(_clocks.Error / 1e3), taking.Expected + taking.Deviation);
    }

    private static long Nanoseconds(TimeSpan time) => (long)time.TotalNanoseconds;

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
}
