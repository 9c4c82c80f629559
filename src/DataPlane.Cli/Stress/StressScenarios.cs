using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Run;
using DataPlane.Tools.Stress;
using DataPlane.Tools.Stress.Scenarios;

namespace DataPlane.Cli.Stress;

/// <summary>The cases that a command line asks for.</summary>
internal sealed class StressScenarios(StressOptionSet stress, RunOptionSet run)
{
    /// <summary>Those of the scenarios it names, in order; the one that its options describe where it names none. Throws <see cref="UsageException"/>.</summary>
    public IReadOnlyList<StressCase> Cases(ParseResult parse)
    {
        var given = Given(parse);
        try
        {
            var scenarios = stress.Scenario.Values(parse).Select(file => ScenarioReader.Read(file, Load(file), run.Keys)).ToList();
            if (stress.Set.Value(parse) is { } set) scenarios.Insert(0, ScenarioReader.Read(set, ScenarioSets.Text(set), run.Keys));
            return scenarios.Count == 0 ? [new StressCase("command line", null, null, null, given, "command line")]
                : [.. scenarios.SelectMany(scenario => StressPlan.Cases(scenario, given))];
        }
        catch (ScenarioFault wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }

    /// <summary>What is set on the command line, and only that.</summary>
    private Dictionary<string, string> Given(ParseResult parse) => run.All
        .Where(option => parse.GetResult(option) is { Implicit: false }).OfType<ICommandOption>()
        .ToDictionary(option => option.Name[2..], option => option.Effective(parse)!);

    private static byte[] Load(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--scenario '{file}': expected a FILE that can be read ({FileWords.Of(file, fault)})");
        }
    }
}
