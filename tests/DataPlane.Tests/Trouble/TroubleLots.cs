using DataPlane.Tests.Kit;

namespace DataPlane.Tests.Trouble;

/// <summary>
/// Plays cases several at a time, since most of them wait for a timeout, and sees after each lot that this process holds no more than
/// before it. A case is played when its result is first asked for, with its lot.
/// </summary>
internal static class TroubleLots
{
    // Cases that wait for a timeout use no core meanwhile, the others little: at more at a time a good peer would be late for want of one.
    // Cancels are held to 100 ms; a process of its own takes half a core's second to start.
    private const int WaitingAtATime = 16, QuickAtATime = 8, CancelsAtATime = 4, ProcessesAtATime = 6;

    // A host's callbacks block a thread here and there, and a pool that has two adds others by one or two a second.
    private const int PoolThreads = 24;

    // A case that ends makes room for the next, so a lot is as long as its work and not as its slowest case many times over.
    private const int CasesOfALot = 48;
    private const int MostTries = 4;

    /// <summary>The numbers of the cases to play, each alone; or <c>write</c>, to write the table.</summary>
    public static string? Asked { get; } = Environment.GetEnvironmentVariable("DATAPLANE_TROUBLE");

    private static readonly Dictionary<int, Lazy<Task<Dictionary<int, Exception?>>>> _lotOf = MakeLots();
    private static readonly Lazy<Task> _warmUp = new(WarmUpAsync);

    /// <summary>The numbers of the cases that this run plays.</summary>
    public static IEnumerable<int> Numbers => _lotOf.Keys.Order();

    /// <summary>How long each case took, from the trouble on; of those played so far.</summary>
    public static Dictionary<int, TimeSpan> Took { get; } = [];

    /// <summary>Throws what case <paramref name="number"/> found wrong.</summary>
    public static async Task AssertPassesAsync(int number)
    {
        if ((await _lotOf[number].Value)[number] is { } fault) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
    }

    private static Dictionary<int, Lazy<Task<Dictionary<int, Exception?>>>> MakeLots()
    {
        var asked = Asked is { Length: > 0 } and not "write" ? Asked.Split(',').Select(int.Parse).ToHashSet() : null;
        var cases = TroubleTable.Cases.Where(@case => asked?.Contains(@case.Number) ?? (TestSet.All || !@case.Long)).ToArray();
        var lots = cases.GroupBy(AtATime).SelectMany(alike => alike.Chunk(asked is null ? CasesOfALot : 1));
        return lots.Select(lot => (Cases: lot, Played: new Lazy<Task<Dictionary<int, Exception?>>>(() => PlayLotAsync(lot))))
            .SelectMany(lot => lot.Cases.Select(@case => (@case.Number, lot.Played)))
            .ToDictionary(pair => pair.Number, pair => pair.Played);
    }

    private static int AtATime(TroubleCase @case) =>
        @case.Elsewhere is not null ? ProcessesAtATime : @case.Bound == Bound.Cancel ? CancelsAtATime : @case.Bound.Time > Bound.AtOnce.Time ? WaitingAtATime : QuickAtATime;

    private static async Task<Dictionary<int, Exception?>> PlayLotAsync(TroubleCase[] lot)
    {
        try
        {
            await _warmUp.Value;
        }
        catch (Exception)
        {
            // It is told where that case is asked for.
        }
        var before = ProcessHoldings.Now();
        var faults = await FaultsAsync(lot);
        var leak = await LeakAsync(before, lot);
        return lot.Zip(faults).ToDictionary(pair => pair.First.Number, pair => pair.Second ?? leak);
    }

    private static async Task<Exception?[]> FaultsAsync(TroubleCase[] lot)
    {
        using var room = new SemaphoreSlim(AtATime(lot[0]));
        ThreadPool.GetMinThreads(out var workers, out var ports);
        _ = ThreadPool.SetMinThreads(Math.Max(workers, PoolThreads), ports);
        var faults = await Task.WhenAll(lot.Select(@case => Task.Run(() => FaultOfAsync(@case, room))));
        _ = ThreadPool.SetMinThreads(workers, ports);
        return faults;
    }

    /// <summary>What the runtime makes once, at its first socket, timer or process, is no leak.</summary>
    private static async Task WarmUpAsync()
    {
        using var process = System.Diagnostics.Process.Start("true");
        await process.WaitForExitAsync();
        await PlayAsync(TroubleTable.Cases[0]);
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

    private static async Task<Exception?> FaultOfAsync(TroubleCase @case, SemaphoreSlim room)
    {
        await room.WaitAsync();
        try
        {
            await PlayAsync(@case);
                return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
        finally
        {
            _ = room.Release();
        }
    }

    private static async Task PlayAsync(TroubleCase @case)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var took = await (@case.Elsewhere ?? TroubleScene.PlayAsync)(@case);
                lock (Took) Took[@case.Number] = took;
                return;
            }
            catch (MomentMissedException) when (tries < MostTries)
            {
                // Nothing was tried yet.
            }
        }
    }
}
