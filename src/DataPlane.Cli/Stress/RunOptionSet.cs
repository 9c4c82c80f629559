using System.CommandLine;
using DataPlane.Cli.Options;
using DataPlane.Cli.Units;
using DataPlane.Core.Errors;
using DataPlane.Tools.Stress;
using DataPlane.Tools.Stress.Scenarios;

namespace DataPlane.Cli.Stress;

/// <summary>All that says what one run of a stress is: the guest, how it moves, over what, and how that is expected to end. The keys of scenario files are made of it.</summary>
internal sealed class RunOptionSet
{
    private static readonly TimeSpan _longestRun = TimeSpan.FromDays(1);

    public GuestOptionSet Guest { get; } = new(MigrationSide.Source, settle: "1s");

    public StreamOptionSet Stream { get; } = new("full");

    public HandoverOptionSet Handover { get; } = new();

    public CommonOptionSet Common { get; } = new();

    public FlagOption Populate { get; } = ReceiveOptionSet.NewPopulate();

    public ValueOption<TimeSpan> RunFor { get; } = new(
        "--run-for", "TIME", "1s", "How long the guest runs on at the destination before it is looked at.",
        Duration.Form + ", at most 24h", Readers.Time(default, _longestRun));

    public LinkShapeOptionSet Link { get; } = new();

    public ValueOption<StressExpectation> Expect { get; } = new(
        "--expect", "completed|failed|safe", "completed",
        "How a run is expected to end: the guest moves, it stays whole at the source, or either of the two.",
        "completed, failed or safe", Readers.Member<StressExpectation>());

    /// <summary>What both processes of a run are given, in the order that help shows them. Nobody is there to answer a guest that waits.</summary>
    public IReadOnlyList<Option> OfPeers =>
    [
        .. Guest.All.Where(option => option != Guest.Seed), Populate, RunFor,
        .. Stream.All.Where(option => option != Stream.PauseBeforeSwitchover), .. Handover.All, Common.Congestion, Common.Retain,
    ];

    /// <summary>Those, and what is about the run itself.</summary>
    public IReadOnlyList<Option> All => [.. OfPeers, .. Link.All, Expect];

    /// <summary>The options as keys of a scenario.</summary>
    public IReadOnlyList<ScenarioKey> Keys =>
        [.. All.OfType<ICommandOption>().Select(option => new ScenarioKey(option.Name[2..], option.Form, option.Accepts))];

    /// <summary>Arguments that give <paramref name="options"/>, named as keys, in the order of <see cref="All"/>; only those in <paramref name="among"/>.</summary>
    public static IEnumerable<string> Arguments(IReadOnlyDictionary<string, string> options, IReadOnlyList<Option> among) =>
        among.OfType<ICommandOption>().Where(option => options.ContainsKey(option.Name[2..])).SelectMany(option => option.Arguments(options[option.Name[2..]]));
}
