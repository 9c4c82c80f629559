using System.Diagnostics;
using System.Globalization;
using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Sessions;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Telemetry;

/// <summary>
/// The spans of one side. The root begins with the session, since its id travels to the destination; all others are made from recorded times
/// when the session has ended, so that tracing costs the migration nothing. Without a listener there is no root, and nothing is kept.
/// </summary>
internal sealed class MigrationSpans
{
    public const string SourceName = "DataPlane.Migration";

    // A migration of a day with a pass each 5 ms has more passes than anyone reads: the first ones are kept.
    private const int MostPasses = 4096;

    private static readonly ActivitySource Spans = new(SourceName);

    private readonly List<(long Start, long End)> _passes = [];
    private readonly Activity? _root;
    private readonly SessionClockBridge? _clock;

    private MigrationSpans(MigrationSide side, SessionClock clock, ActivityContext parent)
    {
        _root = side == MigrationSide.Source
            ? Spans.StartActivity("migrate", ActivityKind.Client)
            : Spans.StartActivity("migrate", ActivityKind.Server, parent);
        if (_root is not null) _clock = new SessionClockBridge(clock);
        _ = _root?.SetTag("dataplane.migration.side", side == MigrationSide.Source ? "source" : "destination");
    }

    public static MigrationSpans OfSource(SessionClock clock) => new(MigrationSide.Source, clock, default);

    public static MigrationSpans OfDestination(SessionClock clock, TraceContext trace) => new(MigrationSide.Destination, clock, ToActivity(trace));

    /// <summary>What the destination is told of the trace; nothing where nobody listens and the caller has none.</summary>
    public TraceContext Context => ToWire((_root ?? Activity.Current)?.Context ?? default);

    public void PassEnded(long start, long end)
    {
        if (_root is not null && _passes.Count < MostPasses) _passes.Add((start, end));
    }

    /// <summary>Ends the root, with all that lies in it. Times that are 0 or null have not been.</summary>
    public void End(MigrationSide side, long connected, long started, long setUp, long finished, BlackoutTimes blackout, string outcome, MigrationError? error)
    {
        if (_root is null) return;
        if (connected > started) Child(_root, "connect", started, connected);
        if (setUp > 0) Child(_root, "negotiate", Math.Max(connected, started), setUp);
        for (var i = 0; i < _passes.Count; i++)
            Child(_root, string.Create(CultureInfo.InvariantCulture, $"pass {i + 1}"), _passes[i].Start, _passes[i].End);
        if (side == MigrationSide.Source) OfSource(blackout, finished);
        else OfDestination(blackout, finished);
        _ = _root.SetTag("dataplane.migration.outcome", outcome);
        if (error is not null) _ = _root.SetStatus(ActivityStatusCode.Error, error.ToString());
        _ = _root.SetEndTime(_clock!.Day(finished));
        _root.Stop();
    }

    private void OfSource(BlackoutTimes times, long finished)
    {
        if (times.Began is not { } began) return;
        var end = times[RunningHeard] ?? times[BackAgain] ?? times[GivenUp] ?? finished;
        var switchover = Child(_root, "switchover", began, end, span => Mark(span, times, Checkpoints.OfSource));
        Child(switchover, "stop", began, times[Stopped] ?? times[GivenUp]);
        Child(switchover, "final_memory", times[Continued] ?? times[Stopped], times[Sent] ?? times[GivenUp]);
        Child(switchover, "state", times[Sent], times[PreparedHeard] ?? times[GivenUp]);
        if (times.IsEntered(Verified)) Child(switchover, "verify", times[PreparedHeard], times[Verified] ?? times[GivenUp]);
        Child(switchover, "commit", times[Given], times[RunningHeard] ?? times[GivenUp]);
        Child(switchover, "resume", times[GivenUp], times[BackAgain]);
    }

    private void OfDestination(BlackoutTimes times, long finished)
    {
        if (times[SwitchoverHeard] is not { } heard) return;
        var end = times[FirstInstruction] ?? times[GivenUp] ?? finished;
        var switchover = Child(_root, "switchover", heard, end, span => Mark(span, times, Checkpoints.OfDestination));
        Child(switchover, "final_memory", heard, times[Placed] ?? times[GivenUp]);
        Child(switchover, "state", times[Placed], times[Loaded] ?? times[GivenUp]);
        Child(switchover, "commit", times[CommitHeard], times[Taken] ?? times[GivenUp]);
        Child(switchover, "resume", times[Taken], times[FirstInstruction] ?? times[GivenUp]);
    }

    /// <summary>A span that has ended, in <paramref name="parent"/>; null where there is no such, or not both of its times.</summary>
    private Activity? Child(Activity? parent, string name, long? start, long? end, Action<Activity>? add = null)
    {
        if (parent is null || start is not { } from || end is not { } to) return null;
        var begins = _clock!.Day(from);
        if (begins < _root!.StartTimeUtc) begins = _root.StartTimeUtc; // The root began a moment after the session.
        var span = Spans.StartActivity(ActivityKind.Internal, parent.Context, startTime: begins, name: name);
        if (span is null) return null;
        add?.Invoke(span);
        var ends = _clock.Day(to);
        _ = span.SetEndTime(ends > begins ? ends : begins);
        span.Stop();
        return span;
    }

    private void Mark(Activity span, BlackoutTimes times, (string Name, BlackoutMoment Moment)[] checkpoints)
    {
        foreach (var (name, moment) in checkpoints)
            if (times[moment] is { } at) _ = span.AddEvent(new ActivityEvent(name, new DateTimeOffset(_clock!.Day(at))));
    }

    private static TraceContext ToWire(ActivityContext context)
    {
        if (context == default) return default;
        Span<byte> trace = stackalloc byte[16], span = stackalloc byte[8];
        context.TraceId.CopyTo(trace);
        context.SpanId.CopyTo(span);
        return new TraceContext(new Guid(trace), BitConverter.ToUInt64(span), (byte)context.TraceFlags);
    }

    private static ActivityContext ToActivity(TraceContext trace)
    {
        if (trace.Trace == Guid.Empty || trace.Span == 0) return default;
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(trace.Trace.ToByteArray()), ActivitySpanId.CreateFromBytes(BitConverter.GetBytes(trace.Span)),
            (ActivityTraceFlags)trace.Flags & ActivityTraceFlags.Recorded, isRemote: true);
    }
}
