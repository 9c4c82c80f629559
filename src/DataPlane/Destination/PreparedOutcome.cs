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
            + (ownership.CanComeBack ? "" : "The connection was handed in connected, so the source can not come over another. ")
            + (why is null ? "" : $"{why.Message} ")
            + "The guest stays here, paused. When the source can come back, it is waited for once more by settling this migration. Otherwise look there with 'dataplane handover status' for "
            + $"image {ownership.Key.Image}, attempt {ownership.Key.Attempt}, and here with 'dataplane handover status{where}'; "
            + "let the guest run here only if it does not run there, nor will.",
            why?.PeerMessage);
    }

    /// <summary>COMMIT came when the source's hard limit could not be kept any more.</summary>
    public static MigrationError Late(DestinationState state) => new(
        MigrationErrorCode.LimitMissed, MigrationSide.Destination, state.Step,
        "The source's word to take the guest came too late for its limit on the blackout: the guest is not taken, and goes on at the source.");

    /// <summary>It is the source's; where somebody's verdict said so, <paramref name="told"/>.</summary>
    public static MigrationError Refused(DestinationState state, bool told = false) => state.Fault.Error ?? new MigrationError(
        MigrationErrorCode.Refused, MigrationSide.Destination, state.Step,
        told
            ? "It was settled by a verdict that the guest is the source's: this side has recorded that it does not run it."
            : "That the guest is taken was not recorded, or an arbiter has awarded it to the source: this side has recorded that it does not run it, and the source goes on with it.");
}
