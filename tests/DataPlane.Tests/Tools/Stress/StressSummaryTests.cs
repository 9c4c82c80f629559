using System.Text.Json.Nodes;
using DataPlane.Results;
using DataPlane.Tools.Stress;
using DataPlane.Tools.Stress.Results;
using Xunit;

namespace DataPlane.Tests.Tools.Stress;

public sealed class StressSummaryTests
{
    private static readonly StressCase One = Case("1"), Two = Case("2");

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 1, 2, 2, 2)]
    [InlineData(10, 5, 9, 10, 10)]
    [InlineData(11, 6, 10, 11, 11)]
    [InlineData(100, 50, 90, 99, 100)]
    [InlineData(1000, 500, 900, 990, 1000)]
    public void Percentile_is_the_least_value_that_so_many_do_not_exceed(int values, double p50, double p90, double p99, double max) =>
        Assert.Equal(new StressSpread(p50, p90, p99, max), StressSpread.Of(Enumerable.Range(1, values).Select(value => (double)value).Reverse()));

    [Fact]
    public void Of_nothing_there_is_no_percentile() => Assert.Null(StressSpread.Of([double.NaN, double.PositiveInfinity]));

    [Fact]
    public void Runs_that_did_not_complete_or_prove_nothing_are_counted_and_have_no_figures()
    {
        StressRun[] runs =
        [
            Run(One, 1, StressVerdict.Passed, downtime: 10, forecast: -20),
            Run(One, 2, StressVerdict.Passed, downtime: 30, forecast: 5),
            Run(One, 3, StressVerdict.Void, downtime: 1000, forecast: 900),
            Run(One, 4, StressVerdict.Failed, status: MigrationStatus.Failed, downtime: 5000),
            Run(Two, 1, StressVerdict.Failed, downtime: 400, forecast: 50),
        ];
        var summary = StressSummary.Of(runs);
        Assert.Equal((5, 4, 1, 2, 1, 1), (summary.All.Runs, summary.All.Completed, summary.All.Failed, summary.All.Unexpected, summary.All.Void, summary.All.OverLimit));
        // A run that completed and was not to is no less a blackout.
        Assert.Equal((30.0, 400.0), (summary.All.Downtime!.P50, summary.All.Downtime.Max));
        Assert.Equal((20.0, 50.0), (summary.All.ForecastError!.P50, summary.All.ForecastError.Max));
        Assert.Equal(["1", "2"], summary.Cases.Select(figures => figures.Case!.Value!));
        Assert.Equal((4, 10.0), (summary.Cases[0].Runs, summary.Cases[0].Downtime!.P50));
    }

    [Fact]
    public void Document_has_whole_results_with_what_they_were_of_and_the_contract_s_summary()
    {
        var document = JsonNode.Parse(StressDocument.Of([Run(One, 1, StressVerdict.Passed, downtime: 10, forecast: 5), Run(Two, 1, StressVerdict.Void, downtime: 3)], 7, interrupted: false))!;
        Assert.Equal(("dataplane.stress/1", 7), ((string?)document["schema"], (int)document["seed"]!));
        var run = document["runs"]![0]!;
        Assert.Equal("dataplane.migration/1", (string?)run["schema"]);
        Assert.Equal("completed", (string?)run["status"]);
        Assert.Equal(
            ("mine", "channels", "channels", "1", 1, 99, "loopback", "passed", "dataplane stress"),
            ((string?)run["scenario"], (string?)run["comparison"], (string?)run["vary"], (string?)run["value"], (int)run["run"]!, (int)run["seed"]!, (string?)run["link"],
                (string?)run["verdict"], (string?)run["repeat"]));
        var summary = document["summary"]!;
        Assert.Equal((2, 2, 0), ((int)summary["runs"]!, (int)summary["completed"]!, (int)summary["failed"]!));
        Assert.Equal(["p50", "p90", "p99", "max"], summary["downtime-ms"]!.AsObject().Select(field => field.Key));
        Assert.Equal((10, 5), ((int)summary["downtime-ms"]!["max"]!, (int)summary["forecast-error-percent"]!["p90"]!));
        Assert.Equal(["1", "2"], summary["comparisons"]!.AsArray().Select(one => (string?)one!["value"]));
        Assert.Null(summary["comparisons"]![1]!["downtime-ms"]);
    }

    private static StressCase Case(string value) => new("mine", "channels", "channels", value, new Dictionary<string, string> { ["channels"] = value }, "f:1");

    private static StressRun Run(
        StressCase one, int number, StressVerdict verdict, MigrationStatus status = MigrationStatus.Completed, double? downtime = null, double? forecast = null) => new(
        new StressRound(one, number, 99), 1, 1, "loopback", StressExpectation.Completed, verdict, [], "dataplane stress",
        new MigrationResult { Status = status, Downtime = downtime, DowntimeLimit = 300, ForecastErrorPercent = forecast });
}
