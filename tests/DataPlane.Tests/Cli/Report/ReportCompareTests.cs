using System.Text.Json;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Report;

public sealed class ReportCompareTests
{
    /// <summary>Six runs that are some percent apart, as real ones are.</summary>
    private static readonly MigrationResult[] Usual = [.. Spread(1)];

    [Fact]
    public async Task Equal_sets_are_no_regression()
    {
        var run = await CompareAsync(Usual, Usual, "--max-regress", "0%");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Matches(@"blackout +10\.1 ms +10\.1 ms +0\.0 % .*no difference shown", run.Out);
        Assert.Contains("no regression", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_a_tenth_slower_misses_a_gate_of_five_percent_and_keeps_one_of_fifteen()
    {
        var slower = Spread(1.1);
        var run = await CompareAsync(Usual, slower, "--max-regress", "5%");
        Assert.Equal(1, run.Code);
        Assert.Contains("regression: total-time got worse by 10.0 %, more than the 5 % allowed", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CompareAsync(Usual, slower, "--max-regress", "15%")).Code);
        Assert.Equal(0, (await CompareAsync(Usual, slower)).Code);
        Assert.Equal(0, (await CompareAsync(slower, Usual, "--max-regress", "5%")).Code);
    }

    [Fact]
    public async Task Less_throughput_is_worse_and_more_is_better()
    {
        MigrationResult[] less = [.. Enumerable.Range(0, 6).Select(i => ReportPages.Completed(mbps: 7000 + i))];
        MigrationResult[] more = [.. Enumerable.Range(0, 6).Select(i => ReportPages.Completed(mbps: 8000 + i))];
        var run = await CompareAsync(more, less, "--max-regress", "5%");
        Assert.Equal(1, run.Code);
        Assert.Contains("regression: mbps got worse by 12.5 %", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CompareAsync(less, more, "--max-regress", "5%")).Code);
    }

    [Fact]
    public async Task Change_that_may_be_chance_misses_no_gate()
    {
        MigrationResult[] a = [.. new double[] { 5, 8, 10, 12, 30, 50 }.Select(downtime => ReportPages.Completed(downtime))];
        MigrationResult[] b = [.. new double[] { 5, 9, 11, 14, 30, 50 }.Select(downtime => ReportPages.Completed(downtime))];
        var run = await CompareAsync(a, b, "--max-regress", "5%");
        Assert.Equal(0, run.Code);
        Assert.Matches(@"blackout .*\+13\.6 %.*no difference shown", run.Out);
    }

    [Fact]
    public async Task Single_runs_are_compared_as_they_are_and_that_is_said()
    {
        var run = await CompareAsync([ReportPages.Completed(total: 1000)], [ReportPages.Completed(total: 1100)], "--max-regress", "5%");
        Assert.Equal(1, run.Code);
        Assert.Contains("fewer than 5 values", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_that_did_not_complete_are_a_regression_and_their_times_are_not_compared()
    {
        var run = await CompareAsync(Usual, [.. Usual, ReportPages.Completed(total: 90_000) with { Status = MigrationStatus.Failed }], "--max-regress", "5%");
        Assert.Equal(1, run.Code);
        Assert.Contains("regression: fewer runs of B completed: 6 of 7, A 6 of 6", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("REGRESSED", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gate_that_can_compare_nothing_is_missed()
    {
        MigrationResult[] failed = [new() { Status = MigrationStatus.Failed }];
        var run = await CompareAsync(failed, failed, "--max-regress", "5%");
        Assert.Equal(1, run.Code);
        Assert.Contains("nothing could be compared", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await CompareAsync(failed, failed)).Code);
    }

    [Fact]
    public async Task Document_has_medians_interval_and_verdict_and_the_same_exit_code()
    {
        var run = await CompareAsync(Usual, Spread(1.1), "--max-regress", "5%", "--json", "-");
        Assert.Equal(1, run.Code);
        Assert.Contains("regression: total-time", run.Error, StringComparison.Ordinal);
        var document = JsonElement.Parse(run.Out);
        Assert.Equal("dataplane.compare/1", document.GetProperty("schema").GetString());
        var total = document.GetProperty("metrics").EnumerateArray().Single(metric => metric.GetProperty("metric").GetString() == "total-time");
        Assert.Equal(1005, total.GetProperty("median-a").GetDouble(), 6);
        Assert.Equal(10, total.GetProperty("change-percent").GetDouble(), 6);
        Assert.InRange(total.GetProperty("low-percent").GetDouble(), 5, 10);
        Assert.InRange(total.GetProperty("high-percent").GetDouble(), 10, 15);
        Assert.Equal(("worse", true), (total.GetProperty("verdict").GetString(), total.GetProperty("regressed").GetBoolean()));
    }

    [Fact]
    public async Task Runs_of_a_stress_are_compared_kind_by_kind()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("a.json"), StressRuns.Document(StressRuns.Channels()));
        await File.WriteAllTextAsync(folder.At("b.json"), StressRuns.Document(StressRuns.Channels(factor: 1.5)));
        var run = await ProgramRun.OfAsync("report", "compare", folder.At("a.json"), folder.At("b.json"), "--max-regress", "5%");
        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Contains("compared: the medians of 3 kinds of runs that both have, each by itself", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"channels: channels 8 +blackout +83 ms +83 ms .* 5, 5 +no difference shown", run.Out);
        Assert.Contains("regression: channels: channels 2: total-time got worse by 50.0 %", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kind_of_runs_that_is_missing_is_no_kept_gate()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("a.json"), StressRuns.Document(StressRuns.Channels()));
        await File.WriteAllTextAsync(folder.At("b.json"), StressRuns.Document(StressRuns.Channels().Where(run => (string?)run["value"] != "8")));
        var run = await ProgramRun.OfAsync("report", "compare", folder.At("a.json"), folder.At("b.json"), "--max-regress", "5%");
        Assert.Equal(1, run.Code);
        Assert.Contains("only in A: channels: channels 8", run.Out, StringComparison.Ordinal);
        Assert.Contains("regression: B has no run of: channels: channels 8", run.Out, StringComparison.Ordinal);
    }

    private static MigrationResult[] Spread(double factor) =>
        [.. new double[] { 990, 1000, 1000, 1010, 1020, 1030 }.Select(total => ReportPages.Completed(total * factor / 100, total * factor))];

    private static async Task<ProgramRun> CompareAsync(MigrationResult[] a, MigrationResult[] b, params string[] options)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(folder.At("a.json"), a.Select(result => result.ToJson()));
        await File.WriteAllLinesAsync(folder.At("b.json"), b.Select(result => result.ToJson()));
        return await ProgramRun.OfAsync(["report", "compare", folder.At("a.json"), folder.At("b.json"), .. options]);
    }
}
