using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;

namespace DataPlane.Destination;

/// <summary>What became of a prepared guest that did not run here, as an error with what is to be done.</summary>
internal static class PreparedOutcome
{
    public static MigrationError Uncertain(DestinationState state)
    {
        var (ownership, why) = (state.Ownership!, state.Fault.Error);
        var where = ownership.Folder is { } folder ? $" --journal {folder}" : "";
        return new MigrationError(
            MigrationErrorCode.OwnershipUncertain, MigrationSide.Destination, state.Step,
            $"Everything of the guest is here, and the source, which may have given it away, was not heard for {state.Options.HandoverTimeout.TotalSeconds:0.###} s. "
            + (why is null ? "" : $"{why.Message} ")
            + "The guest stays here, paused. When the source comes back it tells by itself (SettleAsync). Otherwise look there with 'dataplane handover status' for "
            + $"image {ownership.Key.Image}, attempt {ownership.Key.Attempt}, and here with 'dataplane handover status{where}'; "
            + "let the guest run here only if it does not run there, nor will.",
            why?.PeerMessage);
    }

    public static MigrationError Refused(DestinationState state) => state.Fault.Error ?? Late(state) ?? new MigrationError(
        MigrationErrorCode.Refused, MigrationSide.Destination, state.Step,
        "That the guest is taken was not recorded, or an arbiter has awarded it to the source: this side has recorded that it does not run it, and the source goes on with it.");

    /// <summary>COMMIT was heard when the deadline had passed; null where it was not.</summary>
    public static MigrationError? Late(DestinationState state) =>
        state.Blackout[BlackoutMoment.CommitHeard] is not { } heard || !state.Deadline.IsTooLate(heard) ? null : new MigrationError(
            MigrationErrorCode.LimitMissed, MigrationSide.Destination, state.Step,
            "The guest was given away too late for the source's limit to be kept: this side has recorded that it does not run it, and the source goes on with it.");
}
