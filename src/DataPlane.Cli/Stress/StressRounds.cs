using DataPlane.Cli.Run;
using DataPlane.Cli.Stress.Peers;
using DataPlane.Tools.Shaping;
using DataPlane.Tools.Stress;

namespace DataPlane.Cli.Stress;

/// <summary>Carries out rounds: makes the link, starts the processes, moves the guests, and judges what became of them.</summary>
/// <param name="parallel">Guests beside each other.</param>
/// <param name="moves">Moves of each.</param>
internal sealed class StressRounds(int parallel, int moves)
{
    private volatile IReadOnlyList<StressPair> _pairs = [];
    private volatile string _doing = "";

    /// <summary>The round under way as a line; null before the first.</summary>
    public string? Progress =>
        _doing.Length == 0 ? null
        : _pairs is [{ } first, ..] pairs ? $"{_doing}: {(pairs.Count > 1 ? $"{pairs.Count} guests; first: " : "")}{first.Progress}" : _doing;

    /// <summary>The runs of a round, of every guest each move that came to be.</summary>
    public async Task<IReadOnlyList<StressRun>> RunAsync(StressRound round, CancellationToken cancel)
    {
        _doing = round.Number > 1 ? $"{round.Case.Title}, round {round.Number}" : round.Case.Title;
        var settings = RunSettings.Of(round.Case);
        var shape = settings.Link(round.Seed);
        var repeat = RepeatLine.Of(round, parallel, moves);
        try
        {
            await using var link = await ShapedLink.OpenAsync(shape, ShapingChoice.Auto, cancel);
            var words = StressLink.Words(shape, link, round.Case.Options.GetValueOrDefault("link-faults", ""));
            // Those that come at random need not.
            var sure = shape.Faults?.Faults.Any(fault => fault.AtBytes is not null || fault.AtTime is not null) ?? false;
            return await RunAsync(round, settings, link, (evidence, guest, move) => Judged(
                round, settings, evidence with { FaultsMissed = sure && link.Strikes.Count == 0 }, guest, move, words, repeat)
                with { FaultsStruck = link.Strikes.Count }, cancel);
        }
        catch (Exception fault) when (fault is ShapingException or PeerException or OperationCanceledException)
        {
            return [Judged(round, settings, StressPair.Lost(fault.Message, cancel.IsCancellationRequested), 1, 1, "none", repeat)];
        }
        finally
        {
            _pairs = [];
        }
    }

    private async Task<IReadOnlyList<StressRun>> RunAsync(
        StressRound round, RunSettings settings, ShapedLink link, Func<StressEvidence, int, int, StressRun> judge, CancellationToken cancel)
    {
        var pairs = new List<StressPair>();
        try
        {
            var arguments = RunOptionSet.Arguments(round.Case.Options, new RunOptionSet().OfPeers).ToList();
            for (var guest = 1; guest <= parallel; guest++)
                pairs.Add(new StressPair(settings, [.. arguments, "--seed", $"{StressSeeds.OfGuest(round.Seed, guest)}"], link));
            _pairs = pairs;
            await Task.WhenAll(pairs.Select(pair => pair.ReadyAsync())).WaitAsync(cancel);
            // All at once: none begins before the last is ready.
            var runs = await Task.WhenAll(pairs.Select((pair, i) => MovesAsync(pair, (evidence, move) => judge(evidence, i + 1, move), cancel)));
            return [.. runs.SelectMany(ofGuest => ofGuest)];
        }
        finally
        {
            _doing = $"{_doing}: tidying up";
            _pairs = [];
            await Task.WhenAll(pairs.Select(pair => pair.DisposeAsync().AsTask()));
        }
    }

    /// <summary>The moves of one guest, up to the first that did not end as expected. One that was to stay where it was goes on from there.</summary>
    private async Task<List<StressRun>> MovesAsync(StressPair pair, Func<StressEvidence, int, StressRun> judge, CancellationToken cancel)
    {
        var runs = new List<StressRun>();
        for (var move = 1; move <= moves && (move == 1 || !cancel.IsCancellationRequested); move++)
        {
            runs.Add(judge(await pair.MoveAsync(cancel), move));
            if (runs[^1].Verdict is StressVerdict.Failed or StressVerdict.Interrupted) break;
        }
        return runs;
    }

    private static StressRun Judged(StressRound round, RunSettings settings, StressEvidence evidence, int guest, int move, string link, string repeat)
    {
        var (verdict, why) = evidence.Judge(settings.Expected);
        return new StressRun(round, guest, move, link, settings.Expected, verdict, why, repeat, evidence.Result);
    }
}
