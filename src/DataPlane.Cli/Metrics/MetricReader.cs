using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace DataPlane.Cli.Metrics;

/// <summary>
/// Listens to the instruments of migrations and writes what they show as Prometheus' text, version 0.0.4. Histograms count from its making on. For any
/// thread.
/// </summary>
internal sealed class MetricReader : IDisposable
{
    private const string MeterName = "DataPlane.Migration";

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly Dictionary<Instrument, SortedDictionary<string, double>> _values = [];
    private readonly Dictionary<Instrument, SortedDictionary<string, Histogram>> _histograms = [];

    public MetricReader()
    {
        _listener.InstrumentPublished = Published;
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What the instruments show now.</summary>
    public string Read()
    {
        lock (_gate)
        {
            foreach (var values in _values.Values) values.Clear();
            _listener.RecordObservableInstruments(); // Calls back on this thread.
            var text = new StringBuilder();
            foreach (var instrument in _instruments.Values) Write(text, instrument);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Published(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name != MeterName) return;
        lock (_gate)
        {
            _instruments[instrument.Name] = instrument;
            if (MetricName.Of(instrument).Type == "histogram") _histograms[instrument] = new(StringComparer.Ordinal);
            else _values[instrument] = new(StringComparer.Ordinal);
        }
        listener.EnableMeasurementEvents(instrument);
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_gate)
        {
            if (_values.TryGetValue(instrument, out var values)) values[labels] = value;
            else if (_histograms[instrument] is var histograms)
            {
                if (!histograms.TryGetValue(labels, out var histogram)) histograms[labels] = histogram = new Histogram();
                histogram.Add(value);
            }
        }
    }

    private void Write(StringBuilder text, Instrument instrument)
    {
        var name = MetricName.Of(instrument);
        _ = text.Append("# HELP ").Append(name.Text).Append(' ').Append(Escaped(instrument.Description ?? "", quotes: false)).Append('\n');
        _ = text.Append("# TYPE ").Append(name.Text).Append(' ').Append(name.Type).Append('\n');
        if (_values.TryGetValue(instrument, out var values))
            foreach (var (labels, value) in values) Line(text, name.Text, labels, value);
        else
            foreach (var (labels, histogram) in _histograms[instrument]) Write(text, name.Text, labels, histogram);
    }

    private static void Write(StringBuilder text, string name, string labels, Histogram histogram)
    {
        var more = labels.Length == 0 ? "" : labels + ",";
        for (var i = 0; i < Histogram.Bounds.Length; i++) Line(text, name + "_bucket", $"{more}le=\"{Number(Histogram.Bounds[i])}\"", histogram.UpTo[i]);
        Line(text, name + "_bucket", more + "le=\"+Inf\"", histogram.Count);
        Line(text, name + "_sum", labels, histogram.Sum);
        Line(text, name + "_count", labels, histogram.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        _ = text.Append(name);
        if (labels.Length > 0) _ = text.Append('{').Append(labels).Append('}');
        _ = text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (text.Length > 0) _ = text.Append(',');
            _ = text.Append(key).Append("=\"").Append(Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true)).Append('"');
        }
        return text.ToString();
    }

    private static string Escaped(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
