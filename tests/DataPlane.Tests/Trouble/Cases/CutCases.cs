using DataPlane.Core.Errors;
using DataPlane.Results;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>Connections that end: in order, as when a peer closes them, or by a reset, as when its host knows nothing of them any more.</summary>
internal static class CutCases
{
    private static readonly Moment[] _setup = [Moment.Hello, Moment.Accept];
    private static readonly Moment[] _onFrames = [Moment.FirstPass, Moment.LaterPass, Moment.Fence, Moment.FinalPages, Moment.State];
    private static readonly Moment[] _inSource = [Moment.Stop, Moment.Save];
    private static readonly Moment[] _onMessages = [Moment.Fenced, Moment.Switchover, Moment.Prepared, Moment.Sums, Moment.Verified];
    private static readonly Moment[] _afterTheLastFence = [Moment.Load, Moment.Release, Moment.Acquire, Moment.Resume];

    public static IEnumerable<TroubleCase> All() => Ends("cut", reset: false).Concat(Ends("reset", reset: true));

    private static IEnumerable<TroubleCase> Ends(string what, bool reset)
    {
        var refused = Ending.Failed(MigrationErrorCode.ProtocolViolation, MigrationSide.Source).AndWaits();
        yield return Case(ControlOnly, Moment.Connecting, refused);
        foreach (var when in _setup) yield return Case(ControlOnly, when, refused);
        yield return Case(ControlOnly, Moment.Joining, Ending.Lost(MigrationSide.Source).AndWaits());
        yield return Case(ControlOnly, Moment.Ready, Ending.Lost(MigrationSide.Source));
        foreach (var when in _onFrames.Concat(_inSource))
        {
            yield return Case(ControlOnly, when, Ending.Lost(MigrationSide.Source));
            yield return Case(OneChannel, when, Ending.Lost().In([.. when.Steps, "receive"])) with { Long = reset && when != Moment.FirstPass };
            yield return Case(Everything, when, Ending.Lost(MigrationSide.Source)) with { Long = reset };
        }
        foreach (var when in _onMessages)
        {
            yield return Case(ControlOnly, when, Ending.Lost(MigrationSide.Source));
            // A destination that is prepared, and that the source can not reach any more to tell it that the guest stays, does not drop it by itself.
            var prepared = when != Moment.Fenced && when != Moment.Switchover;
            if (!reset)
                yield return Case(Everything, when, Ending.Lost(MigrationSide.Source) with { Destination = prepared ? MigrationStatus.Uncertain : MigrationStatus.Failed }) with
                {
                    Long = true, Arrange = ImpatientInHandover,
                };
        }
        yield return Case(ControlOnly, Moment.Load, Ending.Lost(MigrationSide.Source));
        yield return Case(ControlOnly, Moment.Release, Ending.Lost(MigrationSide.Source));
        // The source comes back over another connection, and hears or says what is missing.
        foreach (var when in (Moment[])[Moment.Commit, Moment.Acquire, Moment.Resume, Moment.Running])
        {
            yield return Case(ControlOnly, when, Ending.Completed);
            yield return Case(Everything, when, Ending.Uncertain(runs: when != Moment.Commit)) with { Arrange = ImpatientInHandover, Bound = Bound.Handover };
        }
        // All that a data channel had to carry has arrived.
        foreach (var when in _afterTheLastFence) yield return Case(OneChannel, when, Ending.Completed);

        TroubleCase Case(string where, Moment when, Ending ends) => new(what, where, when, Bound.AtOnce, ends, To(where, lane => lane.Cut(reset)));
    }
}
