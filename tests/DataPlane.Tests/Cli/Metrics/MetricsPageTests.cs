using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DataPlane.Cli.Metrics;
using DataPlane.Telemetry;
using DataPlane.Tests.House;
using Xunit;

namespace DataPlane.Tests.Cli.Metrics;

/// <summary>The page that lists what can be observed, against the instruments that there are.</summary>
public sealed partial class MetricsPageTests
{
    private const string Prefix = "dataplane.migration.";

    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "src/DataPlane/Telemetry/README.md"));

    [Fact]
    public void Page_has_every_instrument_with_its_kind_and_unit_and_no_other()
    {
        var rows = InstrumentRow().Matches(Page).Select(row => (Name: row.Groups[1].Value, Kind: row.Groups[2].Value, Unit: row.Groups[3].Value));
        Assert.Equal(Instruments().Select(one => (one.Name, Kind(one), one.Unit ?? "")).Order(), rows.Order());
    }

    [Fact]
    public void Table_of_what_others_call_it_has_every_name_that_Prometheus_sees_and_no_other()
    {
        var rows = PrometheusRow().Matches(Page).Select(row => "dataplane_migration_" + row.Groups[1].Value);
        Assert.Equal(Instruments().Select(one => MetricName.Of(one).Text).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    /// <summary>Those of this library; other tests have some of the same meter.</summary>
    private static List<Instrument> Instruments()
    {
        RuntimeHelpers.RunClassConstructor(typeof(MigrationMeter).TypeHandle);
        var found = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == MigrationMeter.MeterName && instrument.Name.StartsWith(Prefix, StringComparison.Ordinal)) found.Add(instrument);
        };
        listener.Start();
        return found;
    }

    private static string Kind(Instrument instrument)
    {
        var kind = instrument.GetType().GetGenericTypeDefinition();
        return kind == typeof(ObservableCounter<>) ? "counter" : kind == typeof(ObservableUpDownCounter<>) ? "up-down counter" : kind == typeof(Histogram<>) ? "histogram" : "gauge";
    }

    [GeneratedRegex(@"^\| `(dataplane\.migration\.[a-z_.]+)` \| ([a-z -]+), (\S+) \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();

    [GeneratedRegex("^\\| `([a-z_]+_(?:total|bytes|per_second|seconds|ratio))` \\|", RegexOptions.Multiline)]
    private static partial Regex PrometheusRow();
}
