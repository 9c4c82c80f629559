using DataPlane.Control.Handover;
using DataPlane.Core.Errors;

namespace DataPlane.Source;

/// <summary>What became of a guest that was given away, as an error with what is to be done; null where it runs on the destination.</summary>
internal static class GivenOutcome
{
    /// <param name="state">Of the source.</param>
    /// <param name="told">The verdict that it was settled with, where somebody gave one.</param>
    public static MigrationError? Of(SourceState state, MigrationSide? told = null)
    {
        var ownership = state.Ownership!;
        var reason = state.Return!.PeerFailure is { IsCompletedSuccessfully: true } failure ? failure.Result : null;
        if (ownership.Died)
            return Error(
                MigrationErrorCode.GuestLost, MigrationSide.Destination, state.Step,
                "The destination had taken the guest, and lost it: its process ended, or its vCPUs had begun to run and failed. Both records say so. Nobody runs the guest; "
                + "what stands paused here is as old as the stop. Start the guest anew.") with { PeerMessage = reason?.PeerMessage };
        return ownership.Phase switch
        {
            SourcePhase.Released => null,
            SourcePhase.Kept when ownership.IsAwarded => Error(
                MigrationErrorCode.Refused, MigrationSide.Source, state.Step, "The arbiter has awarded the guest to the source: it goes on here, and is not run at the destination."),
            SourcePhase.Kept when told == MigrationSide.Source => Error(
                MigrationErrorCode.Refused, MigrationSide.Source, state.Step, "It was settled by a verdict that the guest is the source's: it goes on here, and must never run at the destination."),
            SourcePhase.Kept => reason ?? Error(
                MigrationErrorCode.Refused, MigrationSide.Destination, state.Step, "The destination recorded that it does not run the guest, which goes on here."),
            _ => Uncertain(state),
        };
    }

    private static MigrationError Uncertain(SourceState state)
    {
        var (ownership, options) = (state.Ownership!, state.Options);
        var why = state.Connections!.CanCallAgain
            ? $"and what became of it was not heard within {options.HandoverTimeout.TotalSeconds:0.###} s. "
            : "and the connection was lost. It was handed in connected, so the destination can not be called again. ";
        var where = ownership.Folder is { } folder ? $" --journal {folder}" : "";
        return Error(
            MigrationErrorCode.OwnershipUncertain, MigrationSide.Source, state.Step,
            $"The guest was given away, {why}It stays paused here. When the destination can be reached, it is asked who has the guest by settling this migration. Otherwise look there with "
            + $"'dataplane handover status' for image {ownership.Key.Image}, attempt {ownership.Key.Attempt}, and here with 'dataplane handover status{where}'; "
            + "resume the guest here only if it does not run there, nor will.");
    }

    private static MigrationError Error(MigrationErrorCode code, MigrationSide side, string step, string message) => new(code, side, step, message);
}
