using System.Diagnostics.Metrics;
using DataPlane.Cli.Metrics;
using Xunit;

namespace DataPlane.Tests.Cli.Metrics;

public sealed class MetricReaderTests
{
    [Fact]
    public void Names_have_their_unit_and_what_only_grows_says_so()
    {
        using var meter = new Meter("names");
        Assert.Equal(new MetricName("a_io_bytes_total", "counter"), MetricName.Of(meter.CreateObservableCounter("a.io", () => 1L, "By")));
        Assert.Equal(new MetricName("a_pages_total", "counter"), MetricName.Of(meter.CreateCounter<long>("a.pages", "{page}")));
        Assert.Equal(new MetricName("a_left_bytes", "gauge"), MetricName.Of(meter.CreateObservableUpDownCounter("a.left", () => 1L, "By")));
        Assert.Equal(new MetricName("a_rate_bytes_per_second", "gauge"), MetricName.Of(meter.CreateObservableGauge("a.rate", () => 1.0, "By/s")));
        Assert.Equal(new MetricName("a_held_ratio", "gauge"), MetricName.Of(meter.CreateObservableGauge("a.held", () => 1.0, "1")));
        Assert.Equal(new MetricName("a_time_seconds", "histogram"), MetricName.Of(meter.CreateHistogram<double>("a.time", "s")));
    }

    [Fact]
    public void Values_histograms_and_labels_are_written_as_Prometheus_reads_them()
    {
        using var meter = new Meter("DataPlane.Migration");
        using var reader = new MetricReader();
        _ = meter.CreateObservableGauge("t.free", () => new Measurement<double>(2.5, new KeyValuePair<string, object?>("why", "a \"b\"\\\nc")), "s", "Said\nso");
        var times = meter.CreateHistogram<double>("t.took", "s");
        times.Record(0.0015, new KeyValuePair<string, object?>("side", "source"));
        times.Record(4000, new KeyValuePair<string, object?>("side", "source"));
        var text = Own(reader.Read());
        Assert.Contains("# HELP t_free_seconds Said\\nso\n# TYPE t_free_seconds gauge\nt_free_seconds{why=\"a \\\"b\\\"\\\\\\nc\"} 2.5\n", text, StringComparison.Ordinal);
        Assert.Contains("t_took_seconds_bucket{side=\"source\",le=\"0.001\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("t_took_seconds_bucket{side=\"source\",le=\"0.002\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("t_took_seconds_bucket{side=\"source\",le=\"3600\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("t_took_seconds_bucket{side=\"source\",le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("t_took_seconds_sum{side=\"source\"} 4000.0015\nt_took_seconds_count{side=\"source\"} 2\n", text, StringComparison.Ordinal);
        Assert.Equal(text, Own(reader.Read())); // Nothing is counted twice.
    }

    /// <summary>The instruments of these tests: migrations beside them in this process have others of the same meter, which go on.</summary>
    private static string Own(string text) =>
        string.Concat(text.Split('\n').Where(line => line.StartsWith("t_", StringComparison.Ordinal) || line.StartsWith("# HELP t_", StringComparison.Ordinal) || line.StartsWith("# TYPE t_", StringComparison.Ordinal)).Select(line => line + "\n"));
}
