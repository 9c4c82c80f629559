using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;
using DataPlane.Sessions;

namespace DataPlane.Destination;

/// <summary>
/// The hard limit on the destination's side: what is not prepared in time is called off here too, whether the source is heard or not. Once it
/// is prepared the guest is not dropped by a clock any more: then a COMMIT that comes too late is refused. For any thread.
/// </summary>
internal sealed class DeadlineWatch : IDisposable
{
    // While nothing is done here but to take what comes, the source knows better what burns the time: it has the first word.
    private static readonly TimeSpan ForTheSource = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private DeadlineMessage? _told;
    private ITimer? _timer;
    private bool _prepared;
    private bool _shown = true;
    private bool _waited;

    /// <summary>The source has said by when. What has passed already ends the migration at once.</summary>
    public void Set(DeadlineMessage told, SessionFault fault, SessionClock clock, Func<string> step)
    {
        lock (_gate)
        {
            (_told, _shown) = (told, false);
            if (_prepared) return;
            var left = Until(told.PrepareByNanoseconds, clock);
            if (_timer is null) _timer = clock.Time.CreateTimer(_ => Miss(fault, step), null, left, Timeout.InfiniteTimeSpan);
            else _ = _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The host is told by when the guest must run, once for each time that the source has said so.</summary>
    public void TellHost(IMigrationHost host, SessionClock clock)
    {
        DeadlineMessage told;
        lock (_gate)
        {
            if (_shown || _told is null) return;
            (told, _shown) = (_told, true);
        }
        (host as ISwitchoverDeadline)?.OnDeadline(new SwitchoverDeadline(told.RunByNanoseconds, Until(told.RunByNanoseconds, clock)));
    }

    /// <summary>Everything is here and loaded: from now on the other side decides.</summary>
    public void Prepared()
    {
        lock (_gate)
        {
            _prepared = true;
            _timer?.Dispose();
        }
    }

    /// <summary>Whether a COMMIT heard at <paramref name="now"/> comes too late to be carried out.</summary>
    public bool IsTooLate(long now)
    {
        lock (_gate) return _told is not null && now > _told.TakeByNanoseconds;
    }

    public void Dispose()
    {
        lock (_gate) _timer?.Dispose();
    }

    private void Miss(SessionFault fault, Func<string> step)
    {
        lock (_gate)
        {
            if (_prepared) return;
            if (step() == DestinationSession.Receiving && !_waited)
            {
                _waited = true;
                _ = _timer!.Change(ForTheSource, Timeout.InfiniteTimeSpan);
                return;
            }
            // Inside the lock: whoever says prepared afterwards finds the fault.
            _ = fault.TrySet(new MigrationError(
                MigrationErrorCode.LimitMissed, MigrationSide.Destination, step(),
                $"The switchover was called off in {step()}: it was not prepared by the time that the source's limit allows."));
        }
    }

    // A source may say anything: no timer takes more than weeks.
    private static TimeSpan Until(long time, SessionClock clock)
    {
        var left = (Int128)time - clock.Nanoseconds;
        return left <= 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((double)Int128.Min(left, (Int128)TimeSpan.FromHours(1).TotalNanoseconds) / 1e3);
    }
}
