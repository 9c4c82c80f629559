using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using Xunit;

namespace DataPlane.Tests.Telemetry;

/// <summary>What listeners of the runtime's own kinds are told of a migration between two sides in this process.</summary>
[Collection("machine")]
public sealed class TelemetryTests
{
    private const string Name = "DataPlane.Migration";

    [Fact]
    public async Task Spans_OfBothSidesAreOneTrace_InTheirOrder()
    {
        using var spans = new Spans();
        using var caller = new Activity("caller").Start();
        var (sent, _) = await MoveAsync();
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.Same(caller, Activity.Current);
        var all = spans.All.Where(span => span.TraceId == caller.TraceId).ToList();
        var source = all.Single(span => span is { OperationName: "migrate", Kind: ActivityKind.Client });
        var destination = all.Single(span => span is { OperationName: "migrate", Kind: ActivityKind.Server });
        Assert.Equal(caller.SpanId, source.ParentSpanId);
        Assert.Equal(source.SpanId, destination.ParentSpanId);
        Assert.Equal("completed", source.GetTagItem("dataplane.migration.outcome"));
        Assert.Equal(["connect", "negotiate", .. sent.Passes.SkipLast(1).Select(pass => $"pass {pass.Pass}"), "switchover"], ChildrenOf(source));
        Assert.Equal(["stop", "final_memory", "state", "verify", "commit"], ChildrenOf(Only(source, "switchover")));
        Assert.Equal(["negotiate", "switchover"], ChildrenOf(destination));
        Assert.Equal(["final_memory", "state", "commit", "resume"], ChildrenOf(Only(destination, "switchover")));
        Assert.Equal(
            ["src-downtime-start", "src-vm-stopped", "src-iterable-saved", "src-non-iterable-saved", "src-downtime-end"],
            Only(source, "switchover").Events.Select(mark => mark.Name));
        Assert.Equal(
            ["dst-precopy-loadvm-completed", "dst-precopy-bh-enter", "dst-precopy-bh-vm-started", "dst-precopy-bh-announced"],
            Only(destination, "switchover").Events.Select(mark => mark.Name));
        foreach (var span in all)
        {
            var root = span.TraceId == source.TraceId && IsUnder(span, destination) ? destination : source;
            Assert.InRange(span.StartTimeUtc, root.StartTimeUtc.AddMilliseconds(-1), root.StartTimeUtc + root.Duration);
            Assert.True(span.Duration >= TimeSpan.Zero);
        }

        List<string> ChildrenOf(Activity parent) => [.. all.Where(span => span.ParentSpanId == parent.SpanId && span.OperationName != "migrate").Select(span => span.OperationName)];
        Activity Only(Activity parent, string name) => all.Single(span => span.ParentSpanId == parent.SpanId && span.OperationName == name);
        bool IsUnder(Activity? span, Activity top) => span is not null && (span == top || IsUnder(all.Find(each => each.SpanId == span.ParentSpanId), top));
    }

    [Fact]
    public async Task Spans_OfOneCalledOff_HaveTheWayBackAndTheError()
    {
        using var spans = new Spans();
        using var caller = new Activity("caller").Start();
        _ = await MoveAsync(pair => pair.SourceHost.Before("save opaque", () => throw new IOException("The disk is gone.")));
        var all = spans.All.Where(span => span.TraceId == caller.TraceId).ToList();
        var source = all.Single(span => span is { OperationName: "migrate", Kind: ActivityKind.Client });
        Assert.Equal((ActivityStatusCode.Error, "failed"), (source.Status, source.GetTagItem("dataplane.migration.outcome")));
        Assert.Contains("The disk is gone.", source.StatusDescription, StringComparison.Ordinal);
        var switchover = all.Single(span => span.OperationName == "switchover");
        Assert.Equal(["stop", "final_memory", "resume"], all.Where(span => span.ParentSpanId == switchover.SpanId).Select(span => span.OperationName));
    }

    [Fact]
    public async Task Events_TellStatusesAndCheckpoints_AndNoneWhileTheGuestStands()
    {
        using var events = new Events();
        var stands = false;
        var early = 0;
        (_, _) = await MoveAsync(pair =>
        {
            pair.SourceHost.After("pause", () => Volatile.Write(ref stands, true));
            pair.DestinationHost.Before("resume", () =>
            {
                early = events.Count;
                Volatile.Write(ref stands, false);
            });
            events.Seen = () => Volatile.Read(ref stands);
        });
        Assert.Equal(0, events.WhileStanding);
        Assert.True(early > 0);
        var source = events.Of("source");
        Assert.Equal(["setup", "active", "device", "completed"], source.Where(each => each.Id == 1).Select(each => each.Name));
        Assert.Equal(
            ["src-downtime-start", "src-vm-stopped", "src-iterable-saved", "src-non-iterable-saved", "src-downtime-end"],
            source.Where(each => each.Id == 2).Select(each => each.Name));
        var destination = events.Of("destination");
        Assert.Equal(["setup", "active", "device", "completed"], destination.Where(each => each.Id == 1).Select(each => each.Name));
        Assert.Equal(
            ["dst-precopy-loadvm-completed", "dst-precopy-bh-enter", "dst-precopy-bh-vm-started", "dst-precopy-bh-announced"],
            destination.Where(each => each.Id == 2).Select(each => each.Name));
        foreach (var side in new[] { source, destination })
        {
            var marks = side.Where(each => each.Id == 2).Select(each => each.At).ToList();
            Assert.Equal(marks.Order(), marks);
        }
        // Device was told late, with the time at which it was: before the guest was told to stop.
        Assert.True(source.Single(each => each.Name == "device").At <= source.Single(each => each.Name == "src-downtime-start").At);
    }

    [Fact]
    public async Task Instruments_CountWhatTheResultSays()
    {
        using var meters = new Meters();
        meters.Collect();
        var before = meters.Copy();
        Dictionary<string, double> during = [];
        var (sent, received) = await MoveAsync(pair => pair.SourceHost.Before("pause", () =>
        {
            meters.Collect();
            during = meters.Copy();
        }));
        meters.Collect();
        var after = meters.Copy();

        Assert.Equal(sent.Ram!.Transferred, Added("wire.io direction=transmit"));
        Assert.Equal(received.Ram!.Transferred, Added("wire.io direction=receive"));
        Assert.Equal(sent.Ram.Duplicate, Added("pages kind=zero"));
        Assert.Equal(sent.Ram.Normal, Added("pages kind=normal"));
        Assert.Equal(sent.Passes.Count, Added("rounds"));
        Assert.Equal(0, Added("rejected reason=garbage"));
        Assert.True(Added("rejected reason=silent") >= 0);
        Assert.Equal(sent.Ram.Total, during["memory.total"] - before.GetValueOrDefault("memory.total"));
        Assert.True(during.ContainsKey("memory.remaining") && during.ContainsKey("throughput") && during.ContainsKey("memory.dirty_rate"));
        Assert.True(during.ContainsKey("throttle") && during["downtime.expected"] > 0);
        Assert.Equal(before.GetValueOrDefault("memory.total"), after.GetValueOrDefault("memory.total")); // It is over.
        Assert.Equal(sent.Downtime!.Value / 1e3, Added("downtime"), 6);
        Assert.Equal(
            sent.DowntimeBreakdown!.Segments.Single(segment => segment.Name == "load-state").DurationUs / 1e6, Added("downtime.phase phase=load-state"), 6);
        Assert.Equal(sent.TotalTime!.Value / 1e3, Added("duration side=source outcome=completed"), tolerance: 5e-7);
        Assert.Equal(
            ("By", "{page}", "{round}", "By/s", "s", "{connection}"),
            (meters.Unit("wire.io"), meters.Unit("pages"), meters.Unit("rounds"), meters.Unit("throughput"), meters.Unit("downtime"), meters.Unit("rejected")));

        double Added(string key) => after.GetValueOrDefault(key) - before.GetValueOrDefault(key);
    }

    private static async Task<(MigrationResult Sent, MigrationResult Received)> MoveAsync(Action<MigrationPair>? prepare = null)
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic));
        using var pair = new MigrationPair(source, destination);
        prepare?.Invoke(pair);
        source.Start();
        GuestProgress.Await(source, 1000);
        return await pair.RunAsync();
    }

    /// <summary>All spans of the library that have ended.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly ConcurrentQueue<Activity> _ended = new();

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IEnumerable<Activity> All => _ended;

        public void Dispose() => _listener.Dispose();
    }

    private sealed class Events : EventListener
    {
        private readonly ConcurrentQueue<(int Id, int Migration, string Side, string Name, long At)> _seen = new();
        private int _whileStanding;

        public Func<bool>? Seen { get; set; }

        public int WhileStanding => _whileStanding;

        public int Count => _seen.Count;

        public List<(int Id, int Migration, string Side, string Name, long At)> Of(string side) => [.. _seen.Where(each => each.Side == side)];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == Name) EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventSource.Name != Name || eventData.Payload is not { Count: 4 } values) return;
            if (Seen?.Invoke() == true) _ = Interlocked.Increment(ref _whileStanding);
            _seen.Enqueue((eventData.EventId, (int)values[0]!, (string)values[1]!, (string)values[2]!, (long)values[3]!));
        }
    }

    /// <summary>The last value of each gauge and counter, summed over tags that a test does not ask for, and the sums of the histograms.</summary>
    private sealed class Meters : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, double> _values = [];
        private readonly Dictionary<string, string?> _units = [];

        public Meters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != Name) return;
                lock (_values) _units[Short(instrument)] = instrument.Unit;
                listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public string? Unit(string name)
        {
            lock (_values) return _units[name];
        }

        public void Collect()
        {
            lock (_values)
                foreach (var key in _values.Keys.Where(key => !key.StartsWith("downtime", StringComparison.Ordinal) && !key.StartsWith("duration", StringComparison.Ordinal)).ToArray())
                    _ = _values.Remove(key);
            _listener.RecordObservableInstruments();
        }

        public Dictionary<string, double> Copy()
        {
            lock (_values) return new Dictionary<string, double>(_values);
        }

        public void Dispose() => _listener.Dispose();

        private static string Short(Instrument instrument) => instrument.Name["dataplane.migration.".Length..];

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var key = Short(instrument);
            foreach (var (name, tag) in tags)
                if (name != "channel") key += $" {name}={tag}";
            lock (_values) _values[key] = _values.GetValueOrDefault(key) + value;
        }
    }
}
