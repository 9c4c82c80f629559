using DataPlane.Core.Errors;
using DataPlane.Results;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>A cancel at every moment, by either side, over connections that work and over such on which nothing moves any more.</summary>
internal static class CancelCases
{
    private static readonly string[] _there = ["populate", "receive", "load-state", "prepared", "await-commit", "verify"];
    private static readonly Ending _source = Ending.Cancelled(MigrationSide.Source);
    private static readonly Ending _destination = Ending.Cancelled(MigrationSide.Destination).In(_there);

    public static IEnumerable<TroubleCase> All() => BySource().Concat(ByDestination());

    private static IEnumerable<TroubleCase> BySource()
    {
        foreach (var when in (Moment[])[Moment.Connecting, Moment.Hello, Moment.Accept, Moment.Joining]) yield return Source(when, _source.AndWaits());
        foreach (var when in (Moment[])[
            Moment.Ready, Moment.FirstPass, Moment.LaterPass, Moment.Fence, Moment.Fenced, Moment.Stop, Moment.FinalPages, Moment.Save, Moment.State,
            Moment.Switchover, Moment.Load, Moment.Prepared, Moment.Sums, Moment.Verified, Moment.Release])
            yield return Source(when, _source);
        // From here on the outcome decides.
        foreach (var when in (Moment[])[Moment.Commit, Moment.Acquire, Moment.Resume, Moment.Running]) yield return Source(when, Ending.Completed);
        foreach (var when in (Moment[])[Moment.Hello, Moment.Joining]) yield return Muted(when, _source.AndWaits());
        foreach (var when in (Moment[])[
            Moment.Ready, Moment.FirstPass, Moment.LaterPass, Moment.Fence, Moment.Stop, Moment.FinalPages, Moment.Save, Moment.State, Moment.Load,
            Moment.Prepared, Moment.Sums, Moment.Release])
            yield return Muted(when, _source with { Destination = CannotKnow(when) ? MigrationStatus.Uncertain : MigrationStatus.Failed }) with { Long = when == Moment.LaterPass || when == Moment.State || when == Moment.Prepared };
    }

    private static IEnumerable<TroubleCase> ByDestination()
    {
        // Its acceptance goes no further, so that the source is told by nothing but the end of the connection.
        yield return Destination(Moment.Accept, Ending.Failed(MigrationErrorCode.ProtocolViolation, MigrationSide.Source) with { Destination = MigrationStatus.Cancelled }) with
        {
            Strike = (scene, _) =>
            {
                scene.Pair.EndDestination();
                return ValueTask.FromResult(Fate.Swallowed);
            },
        };
        foreach (var when in (Moment[])[
            Moment.Ready, Moment.FirstPass, Moment.LaterPass, Moment.Fence, Moment.Stop, Moment.FinalPages, Moment.Save, Moment.State, Moment.Load,
            Moment.Sums, Moment.Release])
            yield return Destination(when, _destination);
        foreach (var when in (Moment[])[Moment.Acquire, Moment.Resume]) yield return Destination(when, Ending.Completed);
        // Once it has said PREPARED the guest may be its own: it waits for the source all the same.
        yield return new TroubleCase("cancel by the destination, nothing moves any more", Everything, Moment.Sums, Bound.Handover,
            Ending.TimedOut() with { Destination = MigrationStatus.Uncertain, DestinationCode = MigrationErrorCode.OwnershipUncertain }, Mute(scene => scene.Pair.EndDestination()))
        {
            Arrange = scene =>
            {
                ImpatientInHandover(scene);
                scene.Pair.SourceOptions = scene.Pair.SourceOptions with { IdleTimeout = Bound.Idle };
            },
            BoundIsDestinations = true,
        };
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.Fence, Moment.Load])
            yield return new TroubleCase("cancel by the destination, nothing moves any more", Everything, when, Bound.Cancel,
                Ending.TimedOut() with { Destination = MigrationStatus.Cancelled }, Mute(scene => scene.Pair.EndDestination()))
            {
                Arrange = scene => scene.Pair.SourceOptions = scene.Pair.SourceOptions with { IdleTimeout = Bound.Idle }, BoundIsDestinations = true,
            };
    }

    // The destination is prepared and hears nothing more.
    private static bool CannotKnow(Moment when) => when == Moment.Prepared || when == Moment.Sums || when == Moment.Release;

    private static TroubleCase Source(Moment when, Ending ends) =>
        new("cancel by the source", "source", when, Bound.Cancel, ends, Do(scene => scene.CancelSource()))
        {
            Bound = ends == Ending.Completed ? Bound.AtOnce : Bound.Cancel,
        };

    private static TroubleCase Destination(Moment when, Ending ends) =>
        new("cancel by the destination", "destination", when, Bound.Cancel, ends, Do(scene => scene.Pair.EndDestination()))
        {
            BoundIsDestinations = true, Bound = ends == Ending.Completed ? Bound.AtOnce : Bound.Cancel,
        };

    private static TroubleCase Muted(Moment when, Ending ends) =>
        new("cancel by the source, nothing moves any more", Everything, when, Bound.Cancel, ends, Mute(scene => scene.CancelSource()))
        {
            Arrange = ImpatientDestination,
        };

    private static Strike Mute(Action<TroubleScene> cancel) => async (scene, unit) =>
    {
        var fate = await To(Everything, lane => lane.Stall())(scene, unit);
        cancel(scene);
        return fate;
    };
}
