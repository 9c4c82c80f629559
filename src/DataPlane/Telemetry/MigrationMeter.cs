using System.Diagnostics.Metrics;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Telemetry;

/// <summary>
/// The instruments. Counters and gauges are observed: they read what the channels count anyway, when someone collects; histograms get one
/// value when a migration has ended. Names, units and attributes are the ones of the page on telemetry. For any thread.
/// </summary>
internal static class MigrationMeter
{
    public const string MeterName = "DataPlane.Migration";

    private const string Prefix = "dataplane.migration.";

    private static readonly Lock Gate = new();
    private static readonly List<Func<MeterReading>> Running = [];
    private static readonly MeterTotals Ended = new();
    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Downtime =
        Meter.CreateHistogram<double>(Prefix + "downtime", "s", "From the guest's last instruction on the source to its first on the destination");
    private static readonly Histogram<double> Phases =
        Meter.CreateHistogram<double>(Prefix + "downtime.phase", "s", "What each segment of the blackout took");
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>(Prefix + "duration", "s", "From connect to the end, however it ended");

    static MigrationMeter()
    {
        _ = Meter.CreateObservableCounter(Prefix + "wire.io", Wire, "By", "Bytes on the data channels");
        _ = Meter.CreateObservableCounter(Prefix + "pages", Pages, "{page}", "Pages sent, by how");
        _ = Meter.CreateObservableCounter(Prefix + "rounds", () => Totals().Rounds, "{round}", "Passes over memory");
        _ = Meter.CreateObservableCounter(Prefix + "rejected", Rejected, "{connection}", "Connections that the destination turned away");
        _ = Meter.CreateObservableUpDownCounter(Prefix + "memory.total", () => Sum(reading => reading.TotalBytes), "By", "Memory of the guests under way");
        _ = Meter.CreateObservableUpDownCounter(Prefix + "memory.remaining", () => Sum(reading => reading.RemainingBytes ?? 0), "By", "What is marked and not yet sent");
        _ = Meter.CreateObservableGauge(Prefix + "memory.dirty_rate", () => Sum(reading => reading.DirtyRate), "By/s", "Memory dirtied anew");
        _ = Meter.CreateObservableGauge(Prefix + "throughput", () => Sum(reading => reading.Throughput), "By/s", "Rate on the wire");
        _ = Meter.CreateObservableGauge(Prefix + "downtime.expected", () => Most(reading => reading.ExpectedDowntime?.TotalSeconds), "s", "The blackout, were the guest stopped now");
        _ = Meter.CreateObservableGauge(Prefix + "throttle", () => Most(reading => reading.Throttle), "1", "Share of time in which the guest's vCPUs are held");
    }

    /// <summary>A migration begins. What it returns, once called, ends it: then its counts are kept.</summary>
    public static Action Begin(Func<MeterReading> read)
    {
        lock (Gate) Running.Add(read);
        return () =>
        {
            lock (Gate)
                if (Running.Remove(read)) Ended.Add(read());
        };
    }

    /// <summary>A migration has ended.</summary>
    public static void Finished(MigrationSide side, MigrationResult result)
    {
        if (Duration.Enabled && result.TotalTime is { } total)
            Duration.Record(total / 1e3, new("side", Name(side)), new("outcome", StatusNames.Of(result.Status)));
        if (side != MigrationSide.Source) return;
        if (Downtime.Enabled && result.Downtime is { } downtime) Downtime.Record(downtime / 1e3);
        if (!Phases.Enabled || result.DowntimeBreakdown is not { Completed: true } breakdown) return;
        foreach (var segment in breakdown.Segments) Phases.Record(segment.DurationUs / 1e6, new KeyValuePair<string, object?>("phase", segment.Name));
    }

    private static string Name(MigrationSide side) => side == MigrationSide.Source ? "source" : "destination";

    private static IEnumerable<Measurement<long>> Wire() => Totals().Wire.Select(
        total => new Measurement<long>(total.Value, new("direction", total.Key.Direction), new("channel", total.Key.Channel)));

    private static IEnumerable<Measurement<long>> Pages() => Totals().Pages.Select(
        total => new Measurement<long>(total.Value, new KeyValuePair<string, object?>("kind", total.Key)));

    private static IEnumerable<Measurement<long>> Rejected() => Totals().Rejected.Select(
        total => new Measurement<long>(total.Value, new KeyValuePair<string, object?>("reason", total.Key)));

    private static MeterTotals Totals()
    {
        lock (Gate)
        {
            var totals = Ended.Copy();
            foreach (var read in Running) totals.Add(read());
            return totals;
        }
    }

    private static long Sum(Func<MeterReading, long> value)
    {
        lock (Gate) return Running.Sum(read => read() is { Side: MigrationSide.Source } reading ? value(reading) : 0);
    }

    /// <summary>Nothing where nothing is known: a gauge that says 0 would be believed.</summary>
    private static IEnumerable<Measurement<double>> Sum(Func<MeterReading, double?> value) => Known(value) is { Count: > 0 } known ? [new(known.Sum())] : [];

    private static IEnumerable<Measurement<double>> Most(Func<MeterReading, double?> value) => Known(value) is { Count: > 0 } known ? [new(known.Max())] : [];

    private static List<double> Known(Func<MeterReading, double?> value)
    {
        lock (Gate) return [.. Running.Select(read => value(read())).Where(known => known is not null).Select(known => known!.Value)];
    }
}
