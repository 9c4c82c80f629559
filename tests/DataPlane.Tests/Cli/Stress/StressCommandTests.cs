using System.Text.Json.Nodes;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Cli.Stress;

/// <summary>Small stresses for real: two processes and a guest for each run.</summary>
[Collection("programs")]
public sealed class StressCommandTests
{
    private const string Small = "--guest synthetic --memory 32MiB --working-set 1MiB --dirty 100MiB/s --device-state 4KiB --settle 250ms --run-for 150ms --progress plain";

    [Fact]
    public async Task Scenario_is_run_summed_up_and_paged_each_run_a_whole_result()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.At("mine.json"), "{ \"scenario\": \"mine\", \"comparisons\": [ { \"vary\": \"channels\", \"values\": [1, 3] } ] }");
        await using var stress = ProgramProcess.Start(
            $"stress --scenario {folder.At("mine.json")} --seed 5 {Small} --json {folder.At("out.json")} --report {folder.At("out.html")}");
        var (code, output, errors) = await stress.EndAsync();
        Assert.True(code == 0, errors + output);
        Assert.Contains("run 1 of 2, channels 1", errors, StringComparison.Ordinal);
        Assert.Matches(@"channels 3 +1 +1 ", output);
        Assert.Contains("2 runs: 2 completed, 0 did not, 0 otherwise than expected", output, StringComparison.Ordinal);

        var document = JsonNode.Parse(await File.ReadAllTextAsync(folder.At("out.json")))!;
        Assert.Equal(["1", "3"], document["runs"]!.AsArray().Select(run => (string?)run!["environment"]!["options"]!["channels"]));
        foreach (var run in document["runs"]!.AsArray().Select(run => run!))
        {
            Assert.Equal(("completed", "5", 5), ((string?)run["status"], (string?)run["environment"]!["options"]!["seed"], (int)run["seed"]!));
            Assert.Equal(("full", 0), ((string?)run["verify"]!["mode"], (int)run["verify"]!["mismatched"]!));
            var work = run["guest-work"]!;
            Assert.InRange((double)work["before-milliseconds-per-gigabyte"]!, 1, 1e7);
            Assert.InRange((double)work["after-milliseconds-per-gigabyte"]!, 1, 1e7);
            Assert.Contains(work["samples"]!.AsArray(), sample => (double)sample!["at-ms"]! < 0);
            Assert.Contains(work["samples"]!.AsArray(), sample => (double)sample!["at-ms"]! > (double)run["total-time"]!);
        }
        Assert.Contains("run 2: channels 3", await File.ReadAllTextAsync(folder.At("out.html")), StringComparison.Ordinal);
        var page = await ProgramRun.OfAsync("report", folder.At("out.json"), "--out", folder.At("again.html"));
        Assert.True(page.Code == 0, page.Error);
    }

    [Fact]
    public async Task Guests_beside_each_other_and_back_and_forth_stay_whole()
    {
        var run = await ProgramRun.OfAsync(["stress", .. Small.Split(' '), "--parallel", "2", "--back-and-forth", "3", "--seed", "9", "--json", "-"]);
        Assert.True(run.Code == 0, run.Error);
        var document = JsonNode.Parse(run.Out)!;
        Assert.Equal(
            ["1 1", "1 2", "1 3", "2 1", "2 2", "2 3"], document["runs"]!.AsArray().Select(one => $"{one!["guest"]} {one["move"]}").Order(StringComparer.Ordinal));
        Assert.Equal(6, (int)document["summary"]!["completed"]!);
        Assert.Equal(2, document["runs"]!.AsArray().Select(one => (string?)one!["environment"]!["options"]!["seed"]).Distinct().Count());
    }

    [Fact]
    public async Task Failing_run_prints_the_line_that_repeats_it()
    {
        string[] line = ["stress", .. Small.Split(' '), "--seed", "3", "--link-faults", "reset control at 4KiB, reset data at 8MiB", "--json", "-"];
        var first = await ProgramRun.OfAsync([.. line, "--repeat", "2"]);
        Assert.Equal(1, first.Code);
        var runs = JsonNode.Parse(first.Out)!["runs"]!.AsArray();
        Assert.Equal(["failed", "failed"], runs.Select(run => (string?)run!["verdict"]));
        Assert.All(runs, run => Assert.InRange((int)run!["faults-struck"]!, 1, 2));
        var repeat = (string)runs[1]!["repeat"]!;
        Assert.Contains($"repeat it with: {repeat}", first.Error, StringComparison.Ordinal);
        Assert.Contains("--link-faults 'reset control at 4KiB, reset data at 8MiB'", repeat, StringComparison.Ordinal);

        string[] words = [.. Words(repeat)];
        Assert.Equal(["dataplane", "stress"], words[..2]);
        var second = await ProgramRun.OfAsync([.. words[1..], "--progress", "none", "--json", "-"]);
        Assert.Equal(1, second.Code);
        var again = Assert.Single(JsonNode.Parse(second.Out)!["runs"]!.AsArray())!;
        foreach (var field in (string[])["status", "verdict", "seed"])
            Assert.Equal(runs[1]![field]!.ToJsonString(), again[field]!.ToJsonString());
        Assert.Equal(runs[1]!["error"]!["code"]!.ToJsonString(), again["error"]!["code"]!.ToJsonString());
        Assert.Equal(runs[1]!["environment"]!["options"]!["seed"]!.ToJsonString(), again["environment"]!["options"]!["seed"]!.ToJsonString());
        Assert.NotEqual("3", (string?)again["environment"]!["options"]!["seed"]);
    }

    [Fact]
    public async Task Interrupted_stress_ends_its_run_and_still_has_its_document()
    {
        using var folder = new TemporaryFolder();
        // A cap that the passes never get done with.
        await using var stress = ProgramProcess.Start(
            $"stress {Small} --fill random --max-bandwidth 4MiB/s --avail-switchover-bandwidth 1MiB/s --downtime-limit 1ms --repeat 5 --json {folder.At("out.json")}");
        await stress.SaysAsync("active");
        await stress.InterruptAsync();
        var (code, _, errors) = await stress.EndAsync();
        Assert.True(code == 130, $"{code}: {errors}");
        var document = JsonNode.Parse(await File.ReadAllTextAsync(folder.At("out.json")))!;
        Assert.True((bool)document["interrupted"]!);
        var run = Assert.Single(document["runs"]!.AsArray())!;
        Assert.Equal(("cancelled", "interrupted"), ((string?)run["status"], (string?)run["verdict"]));
    }

    /// <summary>The words of a line as a shell takes them, where what is quoted has no quotes in it.</summary>
    private static IEnumerable<string> Words(string line) =>
        line.Split('\'').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
