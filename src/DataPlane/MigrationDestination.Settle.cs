using DataPlane.Control.Handover;
using DataPlane.Core.Errors;
using DataPlane.Destination;
using DataPlane.Results;

namespace DataPlane;

/// <summary>An outcome in doubt, and how it ends.</summary>
public sealed partial class MigrationDestination
{
    /// <summary>
    /// Settles a migration whose <c>RunAsync</c> returned <see cref="MigrationStatus.Uncertain"/>: everything of the guest is here, and its record is
    /// held by this object. May be called again as long as the result is uncertain; one call at a time.
    /// </summary>
    /// <param name="told">
    /// Null: waits for the source once more, on the same listener, for the handover's timeout. Else the verdict of somebody who has made sure
    /// that the other side is off and stays off: <see cref="MigrationSide.Destination"/> lets the guest run here, <see cref="MigrationSide.Source"/>
    /// records that it never will. With an arbiter its verdict comes before theirs.
    /// </param>
    /// <param name="cancel">Ends the waiting; the outcome stays uncertain.</param>
    /// <exception cref="InvalidOperationException">The outcome is not uncertain.</exception>
    public async Task<MigrationResult> SettleAsync(MigrationSide? told, CancellationToken cancel)
    {
        var state = _state;
        if (state.Status != MigrationStatus.Uncertain || state.Ownership is not { } ownership)
            throw new InvalidOperationException($"There is nothing to settle: the migration is {state.Status}.");
        using var closing = new CancellationTokenSource();
        var reception = new Reception(state, _connections!);
        var accepting = Task.Run(() => reception.RunAsync(closing.Token), CancellationToken.None);
        if (told is { } side) await ownership.StepAsync(HandoverInput.Tell(side));
        else _ = await ownership.StandAsync(state.Options.HandoverTimeout, cancel);
        if (!ownership.Stands)
        {
            state.UncertainError = null;
            if (ownership.IsTaken)
            {
                state.Fault.Overrule();
                await new GuestTaking(state).RunAsync(state.Clock.Nanoseconds);
            }
            else
            {
                state.Fault.TakeBack(PreparedOutcome.Refused(state, told == MigrationSide.Source));
                state.Status = MigrationStatus.Failed;
            }
            if (told is null) await ownership.FarewellAsync(); // Else the source is off.
            ownership.Close();
            await state.Announcing;
        }
        await closing.CancelAsync();
        await accepting;
        state.Finished = state.Clock.Nanoseconds;
        return DestinationReport.Build(state);
    }

    /// <summary>
    /// Lets go of the record that an uncertain outcome keeps, or a guest that was taken and whose source has not said that it has heard: from here on
    /// another process may say that this one has ended. The guest must not run here afterwards. Needs no call otherwise.
    /// </summary>
    public void Dispose() => _state.Ownership?.Dispose();
}
