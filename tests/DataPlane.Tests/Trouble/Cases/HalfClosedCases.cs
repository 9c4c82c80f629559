using DataPlane.Core.Errors;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>One direction of a connection ends, the other stays open: half a firewall, or a peer that shut down one half.</summary>
internal static class HalfClosedCases
{
    public static IEnumerable<TroubleCase> All()
    {
        // The destination can still say what it misses.
        yield return There(ControlOnly, Moment.Hello, Ending.Lost(MigrationSide.Destination).AndWaits().In("handshake", "control"));
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.Fence, Moment.Save, Moment.Switchover, Moment.Sums])
            yield return There(ControlOnly, when, Ending.Lost(MigrationSide.Destination));
        yield return There(ControlOnly, Moment.Commit, Ending.Completed);
        yield return There(ControlOnly, Moment.Running, Ending.Completed);

        yield return Back(ControlOnly, Moment.Hello, Ending.Failed(MigrationErrorCode.ProtocolViolation, MigrationSide.Source).AndWaits());
        yield return Back(ControlOnly, Moment.Ready, Ending.Lost(MigrationSide.Source));
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.Fenced, Moment.Save, Moment.Prepared, Moment.Verified, Moment.Release])
            yield return Back(ControlOnly, when, Ending.Lost(MigrationSide.Source));
        yield return Back(ControlOnly, Moment.Commit, Ending.Completed);
        yield return Back(ControlOnly, Moment.Running, Ending.Completed);

        foreach (var when in (Moment[])[Moment.FirstPass, Moment.LaterPass, Moment.Fence, Moment.Save, Moment.FinalPages, Moment.State])
            yield return There(OneChannel, when, Ending.Lost(MigrationSide.Destination));
        // Nothing comes back on a data channel.
        foreach (var when in (Moment[])[Moment.FirstPass, Moment.FinalPages, Moment.State])
            yield return Back(OneChannel, when, Ending.Completed);
    }

    private static TroubleCase There(string where, Moment when, Ending ends) => Case("half-closed towards the destination", where, when, ends, true);

    private static TroubleCase Back(string where, Moment when, Ending ends) => Case("half-closed towards the source", where, when, ends, false);

    private static TroubleCase Case(string what, string where, Moment when, Ending ends, bool there) =>
        new(what, where, when, Bound.AtOnce, ends, To(where, lane => lane.CloseHalf(there)));
}
