using DataPlane.Linux.Host;
using DataPlane.Native.Structs;
using DataPlane.Results;

namespace DataPlane.Native.Migrations;

/// <summary>
/// What a host's event loop is told: moves of the status, and the end as the last. The descriptor is readable as long as something is left. Any thread.
/// </summary>
internal sealed class EventFeed : IDisposable
{
    public const int StatusMoved = 1, Ended = 2;

    // An attempt has six moves at most, so these are the last 170 attempts of one that nobody listens to.
    private const int Most = 1024;

    // The last moves are told on other threads than the one that the end comes on, some microseconds later. One that never comes must not keep the end.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Queue<DpEvent> _events = new();
    private readonly EventDescriptor _descriptor = new();
    private MigrationStatus _last;
    private (MigrationStatus Status, DpEvent Event)? _end;
    private bool _disposed;

    public int Fd => _descriptor.Fd;

    public void Moved(object? sender, MigrationStatusChange change)
    {
        lock (_gate)
        {
            _last = change.To;
            Add(new DpEvent { Kind = StatusMoved, From = (int)change.From, To = (int)change.To, ElapsedUs = Microseconds.Of(change.Elapsed), Attempt = (uint)change.Attempt });
            if (_end is { } end && end.Status == change.To) TellEnd();
        }
    }

    /// <summary>It is over, in <paramref name="status"/>: told when the move to it has been. <paramref name="elapsedUs"/>: since this attempt began.</summary>
    public void End(MigrationStatus status, uint attempt, long elapsedUs)
    {
        lock (_gate)
        {
            _end = (status, new DpEvent { Kind = Ended, From = (int)status, To = (int)status, ElapsedUs = elapsedUs, Attempt = attempt });
            if (_last == status) TellEnd();
            else _ = Task.Delay(LongestWait).ContinueWith(_ => TellEndAnyway(), TaskScheduler.Default);
        }
    }

    /// <summary>The next event; of kind none where there is none.</summary>
    public DpEvent Next()
    {
        lock (_gate)
        {
            _ = _events.TryDequeue(out var next);
            if (_events.Count == 0) _descriptor.Clear();
            return next;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _descriptor.Dispose();
        }
    }

    private void TellEndAnyway()
    {
        lock (_gate) TellEnd();
    }

    private void TellEnd()
    {
        if (_end is not { } end) return;
        _end = null;
        Add(end.Event);
    }

    private void Add(DpEvent next)
    {
        if (_disposed) return;
        if (_events.Count == Most) _ = _events.Dequeue();
        _events.Enqueue(next);
        _descriptor.Set();
    }
}
