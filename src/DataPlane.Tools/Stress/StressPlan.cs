using DataPlane.Tools.Stress.Scenarios;

namespace DataPlane.Tools.Stress;

/// <summary>What is to be done, in order.</summary>
internal static class StressPlan
{
    /// <summary>
    /// The cases of a scenario. What <paramref name="given"/> says goes before what the scenario says. Throws <see cref="ScenarioFault"/> where it sets an
    /// option that the scenario varies.
    /// </summary>
    public static IReadOnlyList<StressCase> Cases(Scenario scenario, IReadOnlyDictionary<string, string> given)
    {
        if (scenario.Comparisons.Count == 0) return [new StressCase(scenario.Name, null, null, null, Together(scenario.Options, given), scenario.Place)];
        var cases = new List<StressCase>();
        foreach (var comparison in scenario.Comparisons)
        {
            if (given.ContainsKey(comparison.Vary))
                throw new ScenarioFault(comparison.Place, comparison.Vary, $"is varied here, and set on the command line: leave --{comparison.Vary} out, or take another scenario");
            var options = Together(scenario.Options, comparison.Options, given);
            foreach (var value in comparison.Values)
                cases.Add(new StressCase(
                    scenario.Name, comparison.Name, comparison.Vary, value, Together(options, new Dictionary<string, string> { [comparison.Vary] = value }), comparison.Place));
        }
        return cases;
    }

    /// <summary>
    /// Each case once, then each again, and so on: what changes on the host meanwhile changes for all values alike. Without
    /// <paramref name="repeat"/> it goes on for ever.
    /// </summary>
    public static IEnumerable<StressRound> Rounds(IReadOnlyList<StressCase> cases, int? repeat, ulong seed)
    {
        for (var number = 1; repeat is null || number <= repeat; number++)
            foreach (var one in cases)
                yield return new StressRound(one, number, StressSeeds.OfRound(seed, number));
    }

    private static Dictionary<string, string> Together(params ReadOnlySpan<IReadOnlyDictionary<string, string>> inRisingRank)
    {
        var all = new Dictionary<string, string>();
        foreach (var options in inRisingRank)
            foreach (var (name, value) in options)
                all[name] = value;
        return all;
    }
}
