using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Transport.Control;
using static DataPlane.Control.Timeline.BlackoutMoment;

namespace DataPlane.Telemetry;

/// <summary>How a destination's moments reach the source's account.</summary>
internal static class PeersCheckpoints
{
    private static readonly BlackoutMoment[] OfDestination =
        [SwitchoverHeard, Placed, Loaded, CommitHeard, Arbitrated, Taken, FirstInstruction, Announced];

    public static void Take(BlackoutTimes times, PreparedMessage prepared, long heard)
    {
        times.Mark(Placed, prepared.PlacedNanoseconds);
        times.Mark(Loaded, prepared.LoadedNanoseconds);
        times.Mark(PreparedHeard, heard);
        TakeLoads(times, prepared.Loads);
    }

    public static void Take(BlackoutTimes times, RunningMessage running, long heard)
    {
        times.Mark(CommitHeard, running.CommitReceivedNanoseconds);
        if (running.ArbitratedNanoseconds != 0) times.Mark(Arbitrated, running.ArbitratedNanoseconds);
        times.Mark(Taken, running.TakenNanoseconds);
        times.Mark(FirstInstruction, running.ResumedNanoseconds);
        times.Mark(RunningHeard, heard);
    }

    /// <summary>Of a switchover that was called off. A guest that came back did not run there, whatever is said.</summary>
    public static void Take(BlackoutTimes times, CheckpointsMessage message)
    {
        foreach (var (moment, at) in message.Moments)
            if (OfDestination.Contains((BlackoutMoment)moment) && (BlackoutMoment)moment is not (FirstInstruction or Announced))
                times.Mark((BlackoutMoment)moment, at);
        if (!times.Has(PreparedHeard)) TakeLoads(times, message.Loads);
    }

    /// <summary>Of one that completed, said behind RUNNING: the only moment of it that RUNNING did not tell.</summary>
    public static void TakeAnnounced(BlackoutTimes times, CheckpointsMessage message, long heard)
    {
        foreach (var (moment, at) in message.Moments)
        {
            if ((BlackoutMoment)moment != Announced) continue;
            times.Mark(Announced, at);
            times.Mark(AnnouncedHeard, heard);
        }
    }

    /// <summary>Destination: says what it knows of a switchover that is called off, if only that there was none, since the source waits for it; or, behind RUNNING, of one that completed.</summary>
    public static async Task TellAsync(ControlLink link, BlackoutTimes times, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await link.SendAsync(Make(times), limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or ObjectDisposedException)
        {
            // The source's account does without.
        }
    }

    /// <summary>What this destination has to tell; nothing where it never heard of a switchover.</summary>
    private static CheckpointsMessage Make(BlackoutTimes times)
    {
        var loads = new List<LoadTiming>();
        foreach (var stage in times.Stages)
            if (stage.Kind == BlackoutStageKind.LoadState) loads.Add(new LoadTiming(stage.Start, stage.End));
        return new CheckpointsMessage(
            [.. OfDestination.Where(times.Has).Select(moment => new Checkpoint((ushort)moment, times[moment]!.Value))], [.. loads]);
    }

    private static void TakeLoads(BlackoutTimes times, LoadTiming[] loads)
    {
        for (var i = 0; i < Math.Min(loads.Length, times.Sections); i++)
            times.Add(BlackoutStageKind.LoadState, i, loads[i].StartNanoseconds, loads[i].EndNanoseconds);
    }
}
