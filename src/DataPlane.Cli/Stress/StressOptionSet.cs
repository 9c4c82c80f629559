using System.CommandLine;
using System.Globalization;
using DataPlane.Cli.Options;
using DataPlane.Cli.Units;
using DataPlane.Tools.Stress.Scenarios;

namespace DataPlane.Cli.Stress;

/// <summary>What a stress is as a whole: which scenarios, and how often.</summary>
internal sealed class StressOptionSet
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(365);

    public ValueOption<string?> Set { get; } = NewSet("--set", "One of the scenarios that come with the program; --list shows them.");

    public ListOption<string> Scenario { get; } = new(
        "--scenario", "FILE", "A scenario file; --print SET shows one to start from. May be given several times.", "a FILE that can be read", Readers.File);

    public FlagOption List { get; } = new("--list", "Show the sets that come with the program, and end.");

    public ValueOption<string?> Print { get; } = NewSet("--print", "Show one of them as a file to start from, and end.");

    public ValueOption<int?> Repeat { get; } = new(
        "--repeat", "N", null, "How often each case is run: once unless given, or as often as the time allows with --hours or --duration.", "a number from 1 to 1000000", Count);

    public ValueOption<TimeSpan?> Hours { get; } = new(
        "--hours", "H", null, "Begin runs for so many hours.", "a number of hours such as 8 or 0.5, at most 8760", ReadHours);

    public ValueOption<TimeSpan?> ForTime { get; } = new(
        "--duration", "TIME", null, "Begin runs for so long.", Duration.Form + ", at most 8760h", Readers.Or("unlimited", Readers.Time(TimeSpan.FromTicks(1), _longest)));

    public ValueOption<int> Parallel { get; } = new(
        "--parallel", "N", "1", "So many guests at once leave one host over one link.", "a number from 1 to 64", Readers.Int(1, 64));

    public ValueOption<int> BackAndForth { get; } = new(
        "--back-and-forth", "N", "1", "Each guest moves so often between the two hosts, and is looked at on both after each.", "a number from 1 to 1000000", Readers.Int(1, 1_000_000));

    /// <summary>In the order that help shows them.</summary>
    public IReadOnlyList<Option> All => [Set, Scenario, List, Print, Repeat, Hours, ForTime, Parallel, BackAndForth];

    private static ValueOption<string?> NewSet(string name, string description) => new(
        name, "SET", null, description, "one of " + string.Join(", ", ScenarioSets.Names), Readers.OneOf([.. ScenarioSets.Names])!);

    private static bool Count(string text, out int? count)
    {
        var read = Readers.Int(1, 1_000_000)(text, out var number);
        count = number;
        return read;
    }

    private static bool ReadHours(string text, out TimeSpan? time)
    {
        var read = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours > 0 && hours <= (decimal)_longest.TotalHours;
        time = read ? TimeSpan.FromHours((double)hours) : null;
        return read;
    }
}
