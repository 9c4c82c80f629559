using DataPlane.Core.Errors;
using DataPlane.Results;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>Connections on which nothing moves any more, and nobody is told: a peer that hangs, or a network that swallows everything.</summary>
internal static class StallCases
{
    public static IEnumerable<TroubleCase> All()
    {
        var unanswered = Ending.TimedOut().AndWaits();
        foreach (var when in (Moment[])[Moment.Connecting, Moment.Hello, Moment.Accept]) yield return Case(ControlOnly, when, unanswered, Bound.Handshake);
        yield return Case(ControlOnly, Moment.Joining, unanswered, Bound.Handshake);
        yield return Case(OneChannel, Moment.Joining, unanswered, Bound.Handshake) with { Arrange = ImpatientSource };
        yield return Case(ControlOnly, Moment.Ready, Ending.TimedOut(), Bound.Handshake);
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.LaterPass, Moment.Fence, Moment.FinalPages, Moment.State])
        {
            yield return Case(ControlOnly, when, Ending.TimedOut(), Bound.IdleTimeout);
            yield return Case(OneChannel, when, Ending.TimedOut(), Bound.IdleTimeout);
            yield return Case(Everything, when, Ending.TimedOut(), Bound.IdleTimeout);
        }
        foreach (var when in (Moment[])[Moment.Stop, Moment.Save])
        {
            yield return Case(ControlOnly, when, Ending.TimedOut(), Bound.IdleTimeout);
            // Nothing is noticed before something has to go over it.
            yield return Case(OneChannel, when, Ending.TimedOut().In("final-memory", "save-state", "await-prepared"), Bound.IdleTimeout) with { Holds = false };
            yield return Case(Everything, when, Ending.TimedOut(), Bound.IdleTimeout);
        }
        foreach (var when in (Moment[])[Moment.Fenced, Moment.Switchover, Moment.Load, Moment.Prepared, Moment.Sums, Moment.Verified, Moment.Release])
            yield return Case(ControlOnly, when, Ending.TimedOut(), Bound.IdleTimeout);
        yield return Case(Everything, Moment.Fenced, Ending.TimedOut(), Bound.IdleTimeout);
        // A destination that is prepared and can not be told that the guest stays does not drop it by itself.
        foreach (var when in (Moment[])[Moment.Prepared, Moment.Verified])
            yield return Case(Everything, when, Ending.TimedOut() with { Destination = MigrationStatus.Uncertain, DestinationCode = MigrationErrorCode.OwnershipUncertain }, Bound.IdleTimeout);
        foreach (var when in (Moment[])[Moment.Commit, Moment.Acquire, Moment.Resume, Moment.Running])
        {
            yield return Case(ControlOnly, when, Ending.Completed, Bound.Handover) with { Arrange = AsksSoon };
            yield return Case(Everything, when, Ending.Uncertain(runs: when != Moment.Commit), Bound.Handover);
        }
        foreach (var when in (Moment[])[Moment.Load, Moment.Release, Moment.Acquire])
            yield return Case(OneChannel, when, Ending.Completed, Bound.AtOnce);
    }

    private static TroubleCase Case(string where, Moment when, Ending ends, Bound bound) =>
        new("stalled", where, when, bound, ends, To(where, lane => lane.Stall())) { Arrange = Impatient };
}
