using DataPlane.Core.Errors;
using DataPlane.Results;
using DataPlane.Tests.Cli;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>One side is a process of its own, which is killed, or stopped for a while by SIGSTOP: it does nothing, and its kernel goes on.</summary>
internal static class ProcessCases
{
    private const string Destination = "destination's process", Source = "source's process";
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(400);
    private static readonly Bound _thirty = Bound.Seconds(12, "idle timeout 10 s");

    public static IEnumerable<TroubleCase> All()
    {
        foreach (var when in (Moment[])[Moment.Ready, Moment.FirstPass, Moment.Fence, Moment.FinalPages, Moment.Prepared, Moment.Sums])
            yield return There("killed", when, Bound.DeadPeer, Ending.Lost(MigrationSide.Source).In([.. when.Steps, .. when == Moment.Prepared ? ["verify"] : Array.Empty<string>()]), Kill) with { Long = when == Moment.Fence || when == Moment.Prepared };
        yield return There("killed", Moment.Commit, Bound.Handover, Ending.Uncertain(runs: false), Kill);
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.FinalPages, Moment.Sums])
            yield return There("stopped longer than the idle timeout", when, Bound.IdleTimeout, Ending.TimedOut(), StopUntilEnded);
        yield return There("stopped for 0.4 s", Moment.FirstPass, Bound.Seconds(5, "goes on"), Ending.Completed, StopShortly);
        yield return There("stopped for 0.4 s", Moment.FinalPages, Bound.Seconds(5, "goes on"), Ending.Completed, StopShortly) with { Long = true };
        yield return There("stopped for 30 s", Moment.FirstPass, _thirty, Ending.TimedOut(), Stop30) with { Long = true };

        foreach (var when in (Moment[])[Moment.FirstPass, Moment.FinalPages])
            yield return Here("killed", when, Bound.DeadPeer, Gone(MigrationErrorCode.ConnectionLost), Kill);
        // It may have given the guest away before it was killed.
        yield return Here("killed", Moment.Prepared, Bound.DeadPeer, Gone(MigrationErrorCode.OwnershipUncertain) with { Destination = MigrationStatus.Uncertain }, Kill) with { Long = true };
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.FinalPages])
            yield return Here("stopped longer than the idle timeout", when, Bound.IdleTimeout, Gone(MigrationErrorCode.Timeout) with { Guest = Runs.Source }, StopUntilEnded);
        // A destination that is prepared waits for its source's word, and does not drop the guest by itself. The source, awake, knows that it has it.
        yield return Here("stopped longer than the idle timeout", Moment.Prepared, Bound.Prepared,
            Gone(MigrationErrorCode.OwnershipUncertain) with { Destination = MigrationStatus.Uncertain, Guest = Runs.Source }, StopUntilEnded);
        yield return Here("stopped for 0.4 s", Moment.FirstPass, Bound.Seconds(5, "goes on"), Ending.Completed, StopShortly);
        yield return Here("stopped for 30 s", Moment.FirstPass, _thirty, Gone(MigrationErrorCode.Timeout) with { Guest = Runs.Source }, Stop30) with { Long = true };
    }

    // The guest goes with its host, and does not run here.
    private static Ending Gone(MigrationErrorCode code) =>
        (Ending.Failed(code, MigrationSide.Destination) with { Guest = Runs.Nowhere }).In("receive", "prepared", "await-commit", "verify");

    private static TroubleCase There(string what, Moment when, Bound bound, Ending ends, Func<ProgramProcess, Task, Task> act) =>
        new(what, Destination, when, bound, ends, Network.Do(Fate.Passes)) { Elsewhere = @case => DestinationProcessScene.PlayAsync(@case, act) };

    private static TroubleCase Here(string what, Moment when, Bound bound, Ending ends, Func<ProgramProcess, Task, Task> act) =>
        new(what, Source, when, bound, ends, Network.Do(Fate.Passes)) { Elsewhere = @case => SourceProcessScene.PlayAsync(@case, act), BoundIsDestinations = true };

    private static Task Kill(ProgramProcess process, Task ended) => process.SignalAsync("KILL");

    /// <summary>It is continued when the other side has given up.</summary>
    private static async Task StopUntilEnded(ProgramProcess process, Task ended)
    {
        await process.SignalAsync("STOP");
        _ = ended.ContinueWith(_ => process.SignalAsync("CONT"), TaskScheduler.Default);
    }

    private static Task StopShortly(ProgramProcess process, Task ended) => StopFor(process, _short);

    private static Task Stop30(ProgramProcess process, Task ended) => StopFor(process, TimeSpan.FromSeconds(30));

    private static async Task StopFor(ProgramProcess process, TimeSpan time)
    {
        await process.SignalAsync("STOP");
        _ = Task.Delay(time).ContinueWith(_ => process.SignalAsync("CONT"), TaskScheduler.Default);
    }
}
