using System.Text;
using DataPlane.Cli.Stress;
using DataPlane.Tools.Stress.Scenarios;
using Xunit;

namespace DataPlane.Tests.Tools.Stress;

/// <summary>Scenario files with the program's own options: what is read, and what is said of a mistake.</summary>
public sealed class ScenarioReaderTests
{
    private static readonly IReadOnlyList<ScenarioKey> Keys = new RunOptionSet().Keys;

    /// <summary>A file, the line of its mistake (0: none is told), the key, and words of what is accepted.</summary>
    public static TheoryData<string, int, string, string> Mistakes => new()
    {
        { "", 1, "", "JSON" },
        { "[]", 1, "", "object" },
        { "{\n \"scenario\": \"a\",\n", 3, "", "JSON" },
        { "{ \"scenario\": \"a\" }\n{", 2, "", "JSON" },
        { "{ \"scenario\": \"a\" }\n{}", 2, "", "JSON" },
        { "{}", 1, "\"scenario\"", "a name" },
        { "{ \"scenario\": 5 }", 1, "\"scenario\"", "a name" },
        { "{ \"scenario\": \"\" }", 1, "\"scenario\"", "a name" },
        { "{\n\"scenario\": \"a\",\n\"scenario\": \"b\" }", 3, "\"scenario\"", "twice" },
        { "{ \"scenario\": \"a\",\n\n\"runs\": 5 }", 3, "\"runs\"", "scenario, about, options or comparisons" },
        { "{ \"scenario\": \"a\",\n\"options\": [] }", 2, "\"options\"", "{ ... }" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"memory\": \"1GiB\",\n\"memroy\": \"1GiB\" } }", 3, "\"memroy\"", "one of arbiter, avail-switchover-bandwidth" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"memory\": \"4X\" } }", 2, "\"memory\"", "'4X': expected a SIZE such as 4GiB" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"channels\": 65 } }", 2, "\"channels\"", "'65': expected auto or a number from 1 to 64" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"channels\": [1] } }", 2, "\"channels\"", "a number from 1 to 64" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"populate\": 1 } }", 2, "\"populate\"", "'1'" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"expect\": \"ok\" } }", 2, "\"expect\"", "completed, failed or safe" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"link-faults\": \"reset\" } }", 2, "\"link-faults\"", "reset, close, silence, stall or flip" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"seed\": 5 } }", 2, "\"seed\"", "is no option" },
        { "{ \"scenario\": \"a\", \"options\": {\n\"dirty\": 0,\n\"dirty\": 0 } }", 3, "\"dirty\"", "twice" },
        { "{ \"scenario\": \"a\",\n\"comparisons\": {} }", 2, "\"comparisons\"", "[ ... ]" },
        { "{ \"scenario\": \"a\",\n\"comparisons\": [ 5 ] }", 2, "\"comparisons\"", "{ ... }" },
        { "{ \"scenario\": \"a\", \"comparisons\": [\n{ \"values\": [1] } ] }", 2, "\"vary\"", "the name of the option" },
        { "{ \"scenario\": \"a\", \"comparisons\": [ { \"vary\":\n\"speed\", \"values\": [1] } ] }", 2, "\"vary\"", "'speed' is no option" },
        { "{ \"scenario\": \"a\", \"comparisons\": [\n{ \"vary\": \"channels\" } ] }", 2, "\"values\"", "auto or a number" },
        { "{ \"scenario\": \"a\", \"comparisons\": [\n{ \"vary\": \"channels\", \"values\": [] } ] }", 2, "\"values\"", "one value or more" },
        { "{ \"scenario\": \"a\", \"comparisons\": [ { \"vary\": \"channels\", \"values\": [1,\n2,\n0] } ] }", 3, "\"values\"", "channels '0': expected auto" },
        { "{ \"scenario\": \"a\", \"comparisons\": [ { \"vary\": \"channels\", \"values\": [1,\n1] } ] }", 2, "\"values\"", "twice" },
        { "{ \"scenario\": \"a\", \"comparisons\": [ { \"vary\": \"channels\", \"values\": [1],\n\"what\": 1 } ] }", 2, "\"what\"", "name, vary, values or options" },
        { "{ \"scenario\": \"a\", \"comparisons\": [\n{ \"vary\": \"channels\", \"values\": [1], \"options\": { \"channels\": 2 } } ] }", 2, "\"channels\"", "one of the two" },
        { "{ \"scenario\": \"a\", \"comparisons\": [ { \"vary\": \"channels\", \"values\": [1] },\n{ \"name\": \"channels\", \"vary\": \"dirty\", \"values\": [0] } ] }", 2, "\"name\"", "another comparison" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_told_with_file_line_key_and_what_is_accepted(string text, int line, string key, string accepted)
    {
        var fault = Assert.Throws<ScenarioFault>(() => Read(text));
        Assert.StartsWith($"my.json:{line}: {key}", fault.Message, StringComparison.Ordinal);
        Assert.Contains(accepted, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        var fault = Assert.Throws<ScenarioFault>(() => ScenarioReader.Read("my.json", [.. "{ \"scenario\": \""u8, 0xFF, .. "\" }"u8], Keys));
        Assert.StartsWith("my.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_switches_comments_and_commas_at_ends_are_taken_as_people_write_them()
    {
        var scenario = Read("""
            {
              // what it is for
              "scenario": "mine",
              "options": { "channels": 4, "populate": true, "probe": false, "dirty": 0, },
              "comparisons": [ { "vary": "memory", "values": ["64MiB", "128MiB"], "options": { "fill": "zero" } }, ],
            }
            """);
        Assert.Equal(("mine", null), (scenario.Name, scenario.About));
        Assert.Equal(["channels=4", "populate=on", "probe=off", "dirty=0"], scenario.Options.Select(option => $"{option.Key}={option.Value}"));
        var comparison = Assert.Single(scenario.Comparisons);
        Assert.Equal(("memory", "memory", "my.json:5"), (comparison.Name, comparison.Vary, comparison.Place));
        Assert.Equal(["64MiB", "128MiB"], comparison.Values);
        Assert.Equal("zero", comparison.Options["fill"]);
    }

    [Fact]
    public void Every_set_that_comes_along_is_a_scenario_whose_cases_can_be_run()
    {
        Assert.Superset(
            new HashSet<string>(["channels", "compression", "dirty-rate", "working-set", "downtime-limit", "bandwidth", "link-delay", "link-loss", "faults"]),
            ScenarioSets.Names.ToHashSet());
        foreach (var name in ScenarioSets.Names)
        {
            var scenario = ScenarioReader.Read(name, ScenarioSets.Text(name), Keys);
            Assert.Equal(name, scenario.Name);
            Assert.NotNull(scenario.About);
            var cases = DataPlane.Tools.Stress.StressPlan.Cases(scenario, new Dictionary<string, string> { ["guest"] = "synthetic" });
            Assert.InRange(cases.Count, 2, 20);
            StressChecks.Throw(cases, parallel: 1);
        }
    }

    private static Scenario Read(string text) => ScenarioReader.Read("my.json", Encoding.UTF8.GetBytes(text), Keys);
}
