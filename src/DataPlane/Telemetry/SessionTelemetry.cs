using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Results;
using DataPlane.Sessions;

namespace DataPlane.Telemetry;

/// <summary>
/// Tells of one migration, on one side: statuses and checkpoints as events, spans, and its place among the instruments. While the guest
/// stands still nothing is told; what happened meanwhile follows with its times. Steps of a session call it, one at a time. Of a rehearsal (silent) nobody
/// is told.
/// </summary>
internal sealed class SessionTelemetry(MigrationSide side, SessionClock clock, BlackoutTimes blackout, bool silent) : IDisposable
{
    private static int _migrations;

    private readonly int _number = Interlocked.Increment(ref _migrations);
    private MigrationSpans? _spans;
    private Action? _endMetering;
    private long _held;
    private bool _holds;

    private string Side => side == MigrationSide.Source ? "source" : "destination";

    /// <summary>Where the source's trace stands, for the destination.</summary>
    public TraceContext Context => _spans?.Context ?? default;

    /// <summary>When the control connection was made, nanoseconds; 0 before.</summary>
    public long Connected { get; set; }

    /// <summary>Before the first status: this migration is seen by who collects metrics.</summary>
    public void Begin(Func<MeterReading> read) => _endMetering = silent ? null : MigrationMeter.Begin(read);

    /// <summary>Source: the trace begins.</summary>
    public void BeginTrace() => _spans = silent ? null : MigrationSpans.OfSource(clock);

    /// <summary>Destination: this side's part of the source's trace begins.</summary>
    public void BeginTrace(TraceContext trace) => _spans = silent ? null : MigrationSpans.OfDestination(clock, trace);

    /// <summary>The status is another. That the guest is being stopped is told with what comes after.</summary>
    public void StatusChanged(MigrationStatus status)
    {
        if (silent || !MigrationEventSource.Log.IsEnabled()) return;
        if (_holds) MigrationEventSource.Log.StatusChanged(_number, Side, StatusNames.Of(MigrationStatus.Device), _held);
        _holds = status == MigrationStatus.Device;
        if (_holds) _held = clock.Nanoseconds;
        else MigrationEventSource.Log.StatusChanged(_number, Side, StatusNames.Of(status), clock.Nanoseconds);
    }

    /// <summary>A pass has ended; times of this clock.</summary>
    public void PassEnded(long start, long end) => _spans?.PassEnded(start, end);

    /// <summary>It is over, and this is its result.</summary>
    public void End(MigrationResult result, MigrationError? error, long started, long setUp, long finished)
    {
        if (!silent && MigrationEventSource.Log.IsEnabled())
            foreach (var (name, moment) in side == MigrationSide.Source ? Checkpoints.OfSource : Checkpoints.OfDestination)
                if (blackout[moment] is { } at) MigrationEventSource.Log.Checkpoint(_number, Side, name, at);
        _spans?.End(side, Connected, started, setUp, finished, blackout, StatusNames.Of(result.Status), error);
        Dispose();
        if (!silent) MigrationMeter.Finished(side, result);
    }

    /// <summary>Nobody collects from this migration any more; also where it ended without a result. A second call does nothing.</summary>
    public void Dispose() => _endMetering?.Invoke();
}
