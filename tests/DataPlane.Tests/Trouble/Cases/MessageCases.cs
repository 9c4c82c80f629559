using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Frames;
using static DataPlane.Tests.Trouble.Cases.Network;

namespace DataPlane.Tests.Trouble.Cases;

/// <summary>
/// One unit that arrives damaged, and one that never comes although all else does: a peer that is alive, answers pings, and hangs.
/// </summary>
internal static class MessageCases
{
    private static readonly Moment _pong = Moment.Message("PONG of the clock samples on its way", ControlMessageType.Pong, "handshake");
    private static readonly Moment _acknowledge = Moment.Message("first pass: ACKNOWLEDGE on its way", ControlMessageType.Acknowledge, "pass", "fence");

    private static readonly Moment _framesHeader = new("first pass: frame on its way", "pass", "fence")
    {
        Unit = unit => unit.Frame == FrameKind.Pages && unit.Sequence == 2, OnData = true,
    };

    private static readonly Moment _finalFrame = Moment.FinalPages with { Name = "final pages on their way", Within = false };
    private static readonly Moment _lastFence = Moment.Fence with { Name = "last fence on its way", Steps = ["final-memory", "await-prepared"], AfterPause = true };
    private static readonly Moment _state = Moment.State with { Name = "device state on its way", Within = false };

    public static IEnumerable<TroubleCase> All() => Damaged().Concat(Missing());

    private static IEnumerable<TroubleCase> Damaged()
    {
        var there = Violation(MigrationSide.Destination);
        var here = Violation(MigrationSide.Source);
        yield return Damage(Moment.Hello, there.AndWaits().In("handshake", "control"));
        yield return Damage(Moment.Accept, here.AndWaits());
        yield return Damage(Moment.Joining, Ending.TimedOut().AndWaits()) with { Bound = Bound.Handshake, Arrange = ImpatientSource };
        foreach (var when in (Moment[])[Moment.Ready, _pong, _acknowledge, Moment.Fenced, Moment.Prepared, Moment.Verified]) yield return Damage(when, here);
        foreach (var when in (Moment[])[Moment.Switchover, Moment.Sums]) yield return Damage(when, there);
        // The source asks over another connection.
        foreach (var when in (Moment[])[Moment.Commit, Moment.Running]) yield return Damage(when, Ending.Completed);
        foreach (var when in (Moment[])[_framesHeader, Moment.Fence, _lastFence])
            yield return Damage(when, there) with { What = "a bit of the header inverted", Strike = Do(Fate.HeaderDamaged) };
        yield return Damage(_state, there) with { What = "a bit of the payload inverted" };
        // Raw pages have no checksum of their own: the comparison finds them before the guest is given away.
        yield return Damage(_finalFrame, Ending.Failed(MigrationErrorCode.VerifyMismatch, MigrationSide.Destination).In("verify")) with
        {
            What = "a bit of the payload inverted",
        };
    }

    private static IEnumerable<TroubleCase> Missing()
    {
        yield return Swallow(Moment.Hello, Ending.TimedOut().AndWaits(), Bound.Handshake);
        yield return Swallow(Moment.Accept, Violation(MigrationSide.Source).AndWaits(), Bound.AtOnce); // What comes behind it is not it.
        yield return Swallow(Moment.Joining, Ending.TimedOut().AndWaits(), Bound.Handshake);
        yield return Swallow(Moment.Ready, Ending.TimedOut(), Bound.Handshake);
        yield return Swallow(_pong, Ending.Completed, Bound.AtOnce); // The next ping is answered.
        yield return Swallow(Moment.Fenced, Ending.TimedOut(), Bound.IdleTimeout);
        yield return Swallow(Moment.Switchover, Ending.TimedOut().In("await-prepared"), Bound.Handover);
        yield return Swallow(Moment.Prepared, Ending.TimedOut(), Bound.Handover);
        yield return Swallow(Moment.Verified, Ending.TimedOut(), Bound.IdleTimeout);
        foreach (var when in (Moment[])[Moment.Commit, Moment.Running]) yield return Swallow(when, Ending.Completed, Bound.AtOnce); // Asked after a quarter of the handover timeout.
        // A later acknowledgement says what this one did.
        yield return Swallow(_acknowledge, Ending.Completed, Bound.AtOnce);
        yield return Swallow(_framesHeader, Violation(MigrationSide.Destination), Bound.AtOnce) with { What = "frame lost" };
        yield return Swallow(Moment.Fence, Ending.TimedOut(), Bound.IdleTimeout) with { What = "fence lost" };
    }

    private static Ending Violation(MigrationSide side) => Ending.Failed(MigrationErrorCode.ProtocolViolation, side);

    private static string Where(Moment when) => when.OnData ? OneChannel : ControlOnly;

    private static TroubleCase Damage(Moment when, Ending ends) =>
        new("a bit inverted", Where(when), when, Bound.AtOnce, ends, Do(Fate.PayloadDamaged)) { Holds = false };

    private static TroubleCase Swallow(Moment when, Ending ends, Bound bound) =>
        new("message never comes, peer answers pings", Where(when), when, bound, ends, Do(Fate.Swallowed)) { Arrange = when == Moment.Commit || when == Moment.Running ? AsksSoon : ImpatientSource, Holds = false };
}
