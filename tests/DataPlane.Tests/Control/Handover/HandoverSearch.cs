using System.Globalization;
using DataPlane.Control.Handover;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire.Messages;

namespace DataPlane.Tests.Control.Handover;

/// <summary>What a search found.</summary>
/// <param name="States">Different states reached.</param>
/// <param name="Steps">Ways from one to another that were tried.</param>
/// <param name="Fault">The rule that is broken, with the shortest way there; null where none is.</param>
/// <param name="Ends">How many states lead to which end once nothing goes wrong any more.</param>
internal sealed record SearchResult(int States, long Steps, string? Fault, IReadOnlyDictionary<HandoverEnd, int> Ends);

/// <summary>
/// Goes through every state that the handover can reach, nearest first, and checks the rules in each: by what is broken there, and by
/// where the state leads once nothing goes wrong any more, unless <paramref name="ends"/> are not asked for.
/// </summary>
internal sealed class HandoverSearch(HandoverRules rules, HandoverBounds bounds, bool ends = true)
{
    private static readonly WorldComparer Comparer = new();

    private readonly HandoverScene _scene = new(rules, bounds);
    private readonly HandoverHealing _healing = new(rules, bounds);
    private readonly Dictionary<World, int> _index = new(Comparer);
    private readonly List<World> _worlds = [];
    private readonly List<(int From, HandoverStep Step)> _ways = [];
    private readonly int[] _ends = new int[Enum.GetValues<HandoverEnd>().Length];
    private long _steps;
    private string? _fault;

    public SearchResult Run()
    {
        Reach(World.New(bounds), -1, default);
        for (var i = 0; i < _worlds.Count && _fault is null; i++)
        {
            var from = _worlds[i];
            foreach (var step in HandoverSteps.All)
            {
                var world = from;
                if (!HandoverSteps.Take(_scene, bounds, step, ref world)) continue;
                _steps++;
                Reach(world, i, step);
            }
        }
        return new SearchResult(
            _worlds.Count, _steps, _fault, Enum.GetValues<HandoverEnd>().Zip(_ends).Where(pair => pair.Second > 0).ToDictionary());
    }

    private void Reach(World world, int from, HandoverStep step)
    {
        if (!_index.TryAdd(world, _worlds.Count)) return;
        _worlds.Add(world);
        _ways.Add((from, step));
        var broken = HandoverInvariants.Broken(world);
        if (broken is null && ends)
        {
            var end = _healing.End(world);
            _ends[(int)end]++;
            if (end == HandoverEnd.RunsUnfinished) broken = "From here, with nothing more going wrong, one side waits for a last word for ever.";
            if (end == HandoverEnd.RunsNowhere) broken = "From here, with nothing more going wrong, the guest runs nowhere, and nobody who had it was killed.";
        }
        if (broken is not null) _fault ??= $"{broken}\n{Way(_worlds.Count - 1)}";
    }

    private string Way(int index)
    {
        var lines = new List<string>();
        for (var at = index; _ways[at].From >= 0; at = _ways[at].From)
            lines.Add($"{_ways[at].Step} -> {Describe(_worlds[at])}");
        lines.Reverse();
        return string.Join('\n', lines.Select((line, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1,3}. {line}")));
    }

    public static string Describe(in World world) =>
        $"source {(world.SourceHost.Alive ? world.Source.Phase : "dead")}, record {world.SourceHost.Record}{(world.SourceHost.GuestRuns ? ", RUNS" : "")}; "
        + $"destination {(world.DestinationHost.Alive ? world.Destination.Phase : "dead")}, record {world.DestinationHost.Record}"
        + (world.DestinationHost.GuestRuns ? ", RUNS" : "");
}
