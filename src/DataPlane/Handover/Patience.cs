using DataPlane.Sessions;

namespace DataPlane.Handover;

/// <summary>
/// How long something has been waited for, counted from look to look. A look that comes late counts as two rounds at most: this process did
/// not run meanwhile, or its clock leapt, and what could not be heard is not held against the peer.
/// </summary>
internal sealed class Patience(SessionClock clock, TimeSpan limit)
{
    /// <summary>How often an answer that is owed is asked for.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private long _last = clock.Nanoseconds;
    private TimeSpan _waited;

    public TimeSpan Limit => limit;

    public TimeSpan Waited
    {
        get
        {
            var now = clock.Nanoseconds;
            var since = TimeSpan.FromMicroseconds((now - _last) / 1e3);
            _last = now;
            return _waited += since < 2 * Step ? since : 2 * Step;
        }
    }

    public bool IsOver => Waited >= limit;

    /// <summary>Until the next round, or the end of the limit.</summary>
    public TimeSpan Left => limit - _waited < Step ? limit - _waited : Step;

    // Short patience still looks round a few times.
    private TimeSpan Step => limit / 4 < Round ? limit / 4 : Round;
}
