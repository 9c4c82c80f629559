namespace DataPlane.Tools.Stress;

/// <summary>Carries out rounds one after the other, until they or their time are over, or somebody asks for an end.</summary>
internal sealed class StressEngine(TimeProvider time, Func<StressRound, CancellationToken, Task<IReadOnlyList<StressRun>>> carryOut)
{
    /// <summary>The runs of all rounds, the one under way at an end included.</summary>
    /// <param name="rounds">The plan.</param>
    /// <param name="duration">No round begins later; the one under way then is finished. Null: no such end.</param>
    /// <param name="tell">Hears of each run as it ends.</param>
    /// <param name="cancel">Ends the round under way, which still has runs to tell of.</param>
    public async Task<IReadOnlyList<StressRun>> RunAsync(
        IEnumerable<StressRound> rounds, TimeSpan? duration, Action<StressRun> tell, CancellationToken cancel)
    {
        var runs = new List<StressRun>();
        var began = time.GetTimestamp();
        foreach (var round in rounds)
        {
            if (cancel.IsCancellationRequested || (duration is { } most && runs.Count > 0 && time.GetElapsedTime(began) >= most)) break;
            foreach (var run in await carryOut(round, cancel))
            {
                runs.Add(run);
                tell(run);
            }
        }
        return runs;
    }
}
