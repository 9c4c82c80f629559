using DataPlane.Host;

namespace DataPlane.Guests.Work;

/// <summary>
/// Reads a guest's count of writes every 100 ms while the guest runs. A reading takes a microsecond on a thread of the pool and allocates nothing;
/// while the guest stands there is none, but for one look at whether it does. Dispose it before the guest. For any thread.
/// </summary>
public sealed class GuestWorkSampler : IDisposable
{
    /// <summary>How often is read.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Nearly seven minutes of readings, 96 KiB. When they are full every second one is forgotten, and only every second one of those to come is kept.</summary>
    private const int MostPoints = 4096;

    private readonly IGuest _guest;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Under _gate.
    private readonly Lock _gate = new();
    private readonly GuestWorkPoint[] _points = new GuestWorkPoint[MostPoints];
    private int _count;
    private long _every = 1;
    private long _ticks;
    private bool _stood = true; // No reading before the first.
    private bool _ended;
    private long? _began;

    /// <param name="guest">Whose work; it need not run yet.</param>
    /// <param name="time">Whose timestamps are those of CLOCK_MONOTONIC, as the system's are.</param>
    public GuestWorkSampler(IGuest guest, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(guest);
        ArgumentNullException.ThrowIfNull(time);
        (_guest, _time) = (guest, time);
        Read();
        _timer = time.CreateTimer(_ => Tick(), null, Interval, Interval);
    }

    /// <summary>The migration begins now.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _began = Now();
            Read();
        }
    }

    /// <summary>Ends the readings and returns them. Where the guest stands, the last is of the moment of its last instruction.</summary>
    public GuestWorkLog End()
    {
        lock (_gate)
        {
            if (!_ended && _guest.IsRunning) Read();
            else if (!_ended && _count > 0 && (_guest as IGuestMoments)?.StoppedAt is { } stopped && stopped > _points[_count - 1].Nanoseconds)
                Add(stopped, _guest.WriteCount, joined: true);
            _ended = true;
            return new GuestWorkLog([.. _points.AsSpan(0, _count)], _began);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Under the lock, so that no reading is under way when the guest goes.
        lock (_gate) _ended = true;
        _timer.Dispose();
    }

    private void Tick()
    {
        lock (_gate)
            if (!_ended && ++_ticks % _every == 0) Read();
    }

    private void Read()
    {
        if (_guest.IsRunning) Add(Now(), _guest.WriteCount, !_stood);
        _stood = !_guest.IsRunning;
    }

    private void Add(long nanoseconds, long writes, bool joined)
    {
        if (_count == MostPoints) Thin();
        _points[_count++] = new GuestWorkPoint(nanoseconds, writes, joined);
    }

    /// <summary>Counts only grow, so what lies between two points is right whichever are left out between them.</summary>
    private void Thin()
    {
        var kept = 0;
        for (var i = 0; i < _count; i += 2)
            _points[kept++] = _points[i] with { Joined = _points[i].Joined && (i == 0 || _points[i - 1].Joined) };
        _count = kept;
        _every *= 2;
    }

    private long Now() => (long)_time.GetElapsedTime(0).TotalNanoseconds;
}
