using System.Diagnostics.Metrics;

namespace DataPlane.Cli.Metrics;

/// <summary>
/// What an instrument is called in Prometheus' text: dots become underscores, the unit follows by its name, and what only grows ends with <c>_total</c>, as
/// OpenTelemetry's rules for Prometheus have it.
/// </summary>
internal sealed record MetricName(string Text, string Type)
{
    public static MetricName Of(Instrument instrument)
    {
        var type = TypeOf(instrument);
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch
        {
            "By" => "_bytes",
            "By/s" => "_bytes_per_second",
            "s" => "_seconds",
            "1" => "_ratio",
            _ => "", // {page} and its like only say what is counted.
        };
        return new MetricName(name + unit + (type == "counter" ? "_total" : ""), type);
    }

    private static string TypeOf(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(ObservableCounter<>) || kind == typeof(Counter<>) ? "counter" : kind == typeof(Histogram<>) ? "histogram" : "gauge";
    }
}
