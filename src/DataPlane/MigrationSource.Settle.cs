using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Handover;
using DataPlane.Results;
using DataPlane.Source;

namespace DataPlane;

/// <summary>An outcome in doubt, and how it ends.</summary>
public sealed partial class MigrationSource
{
    /// <summary>
    /// Settles a migration whose <c>RunAsync</c> returned <see cref="MigrationStatus.Uncertain"/>: the guest is paused here, and its record is
    /// held by this object. May be called again as long as the result is uncertain; one call at a time.
    /// </summary>
    /// <param name="told">
    /// Null: asks the destination again, for the handover's timeout. Else the verdict of somebody who has made sure that the other side is off and
    /// stays off: <see cref="MigrationSide.Source"/> resumes the guest here, <see cref="MigrationSide.Destination"/> lets go of it. With an
    /// arbiter its verdict comes before theirs.
    /// </param>
    /// <param name="cancel">Ends the asking; the outcome stays uncertain.</param>
    /// <exception cref="InvalidOperationException">The outcome is not uncertain.</exception>
    public async Task<MigrationResult> SettleAsync(MigrationSide? told, CancellationToken cancel)
    {
        var state = _state;
        if (state.Status != MigrationStatus.Uncertain || state.Ownership is not { } ownership)
            throw new InvalidOperationException($"There is nothing to settle: the migration is {state.Status}.");
        if (told is { } side) await ownership.StepAsync(HandoverInput.Tell(side));
        else
        {
            await using var asking = new SourceAsking(ownership, state.Connections!, state.Clock, state.Words);
            await asking.SettleAsync(running: null, new Patience(state.Clock, state.Options.HandoverTimeout), cancel);
            if (ownership.IsReleased) await asking.TellReleasedAsync();
        }
        var outcome = GivenOutcome.Of(state, told);
        state.UncertainError = outcome;
        if (ownership.Phase == SourcePhase.Kept)
        {
            state.RollbackFault = null;
            await GuestReturn.RunAsync(state);
            await ownership.ResumedAsync();
            state.Bitmap.SetAll(); // What was acknowledged of it has been forgotten with the session.
        }
        if (ownership.Phase != SourcePhase.Given)
        {
            state.Status = outcome is null ? MigrationStatus.Completed : MigrationStatus.Failed;
            ownership.Dispose();
        }
        state.Finished = state.Clock.Nanoseconds;
        return new SourceReport(state).Build();
    }

    /// <summary>
    /// Lets go of the record that an uncertain outcome keeps: from here on a sender started again in its place may say that the guest is given away,
    /// and the guest must not be resumed here. Needs no call otherwise.
    /// </summary>
    public void Dispose() => _state.Ownership?.Dispose();
}
