using DataPlane.Tools.Stress;
using DataPlane.Tools.Stress.Scenarios;
using Xunit;

namespace DataPlane.Tests.Tools.Stress;

public sealed class StressPlanTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void What_is_nearer_to_the_run_goes_before_what_is_farther()
    {
        var scenario = Scenario(
            new() { ["memory"] = "scenario", ["fill"] = "scenario", ["dirty"] = "scenario", ["pattern"] = "scenario" },
            new ScenarioComparison("codecs", "compression", ["lz4", "zstd"], new Dictionary<string, string> { ["fill"] = "comparison", ["dirty"] = "comparison" }, "f:3"));
        var cases = StressPlan.Cases(scenario, new Dictionary<string, string> { ["dirty"] = "line" });
        Assert.Equal(["codecs: compression lz4", "codecs: compression zstd"], cases.Select(one => one.Title));
        var last = cases[1].Options;
        Assert.Equal(("scenario", "comparison", "line", "scenario", "zstd"), (last["memory"], last["fill"], last["dirty"], last["pattern"], last["compression"]));
    }

    [Fact]
    public void Scenario_without_comparisons_is_one_case() =>
        Assert.Equal(("mine", null), StressPlan.Cases(Scenario([]), Nothing).Select(one => (one.Title, one.Knob)).Single());

    [Fact]
    public void Option_that_is_varied_cannot_be_set_as_well()
    {
        var fault = Assert.Throws<ScenarioFault>(() => StressPlan.Cases(
            Scenario([], new ScenarioComparison("channels", "channels", ["1"], Nothing, "f:3")), new Dictionary<string, string> { ["channels"] = "4" }));
        Assert.StartsWith("f:3: \"channels\": is varied here", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--channels", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounds_go_through_all_cases_before_they_repeat_one_with_one_seed_for_all()
    {
        var cases = StressPlan.Cases(Scenario([], new ScenarioComparison("channels", "channels", ["1", "2"], Nothing, "f:3")), Nothing);
        var rounds = StressPlan.Rounds(cases, 3, 42).ToList();
        Assert.Equal(["1 1", "2 1", "1 2", "2 2", "1 3", "2 3"], rounds.Select(round => $"{round.Case.Value} {round.Number}"));
        Assert.Equal(3, rounds.Select(round => round.Seed).Distinct().Count());
        Assert.All(rounds.GroupBy(round => round.Number), same => Assert.Single(same.Select(round => round.Seed).Distinct()));
        Assert.Equal(42ul, rounds[0].Seed);
        Assert.All(rounds, round => Assert.InRange(round.Seed, 0ul, (ulong)int.MaxValue));
        Assert.Equal(1000, StressPlan.Rounds(cases, null, 42).Take(1000).Count());
    }

    [Fact]
    public void Round_of_any_number_is_the_first_of_its_own_seed()
    {
        var seed = StressSeeds.OfRound(42, 7);
        Assert.Equal(seed, StressSeeds.OfRound(seed, 1));
        Assert.Equal(seed, StressSeeds.OfGuest(seed, 1));
        Assert.Equal(64, Enumerable.Range(1, 64).Select(guest => StressSeeds.OfGuest(seed, guest)).Distinct().Count());
    }

    private static Scenario Scenario(Dictionary<string, string> options, params ScenarioComparison[] comparisons) => new("mine", null, options, comparisons, "f:1");
}
