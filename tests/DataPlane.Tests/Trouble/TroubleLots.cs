using DataPlane.Tests.Kit;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// Plays cases several at a time, since most of them wait for a timeout, and sees after each lot that this process holds no more than
/// before it. A case is played when its result is first asked for, with its lot.
/// </summary>
internal static class TroubleLots
{
    // Cases that wait use no core meanwhile; more at a time and a good peer would be late for want of one.
    private const int WaitingCases = 12;
    private const int QuickCases = 3;

    private static readonly Dictionary<int, Lazy<Task<Dictionary<int, Exception?>>>> _lotOf = MakeLots();
    private static readonly Lazy<Task> _warmUp = new(() => PlayAsync(TroubleTable.Cases[0]));

    /// <summary>The numbers of the cases that this run plays.</summary>
    public static IEnumerable<int> Numbers => _lotOf.Keys.Order();

    /// <summary>How long each case that was cancelled took; of those played so far.</summary>
    public static Dictionary<int, TimeSpan> Took { get; } = [];

    /// <summary>Throws what case <paramref name="number"/> found wrong.</summary>
    public static async Task AssertPassesAsync(int number)
    {
        if ((await _lotOf[number].Value)[number] is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
    }

    private static Dictionary<int, Lazy<Task<Dictionary<int, Exception?>>>> MakeLots()
    {
        var asked = Environment.GetEnvironmentVariable("DATAPLANE_TROUBLE") is { Length: > 0 } numbers ? numbers.Split(',').Select(int.Parse).ToHashSet() : null;
        var cases = TroubleTable.Cases.Where(@case => asked?.Contains(@case.Number) ?? (TestSet.All || !@case.Long)).ToArray();
        var lots = cases.Where(Waits).Chunk(asked is null ? WaitingCases : 1).Concat(cases.Where(@case => !Waits(@case)).Chunk(asked is null ? QuickCases : 1));
        return lots.Select(lot => (Cases: lot, Played: new Lazy<Task<Dictionary<int, Exception?>>>(() => PlayLotAsync(lot))))
            .SelectMany(lot => lot.Cases.Select(@case => (@case.Number, lot.Played)))
            .ToDictionary(pair => pair.Number, pair => pair.Played);
    }

    private static bool Waits(TroubleCase @case) => @case.Bound.Time > Bound.AtOnce.Time;

    private static async Task<Dictionary<int, Exception?>> PlayLotAsync(TroubleCase[] lot)
    {
        try
        {
            await _warmUp.Value; // What the runtime makes once, at its first socket or timer, is no leak.
        }
        catch (Exception)
        {
            // It is told where that case is asked for.
        }
        var before = ProcessHoldings.Now();
        var faults = await Task.WhenAll(lot.Select(@case => Task.Run(() => FaultOfAsync(@case))));
        var leak = await LeakAsync(before, lot);
        return lot.Zip(faults).ToDictionary(pair => pair.First.Number, pair => pair.Second ?? leak);
    }

    private static async Task<Exception?> LeakAsync(ProcessHoldings before, TroubleCase[] lot)
    {
        try
        {
            await ProcessHoldings.AssertBackAtAsync(before);
            return null;
        }
        catch (Xunit.Sdk.XunitException leak)
        {
            return new InvalidOperationException(
                $"Something is left of a case of this lot; each alone: DATAPLANE_TROUBLE={string.Join(',', lot.Select(@case => @case.Number))}. {leak.Message}");
        }
    }

    private static async Task<Exception?> FaultOfAsync(TroubleCase @case)
    {
        try
        {
            await PlayAsync(@case);
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    private static async Task PlayAsync(TroubleCase @case)
    {
        await using var scene = new TroubleScene(@case);
        await scene.PlayAsync();
        lock (Took) Took[@case.Number] = scene.Took;
    }
}
