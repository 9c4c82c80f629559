using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Telemetry;

namespace DataPlane.Source;

/// <summary>Where a stopped guest waits for the word to go on, with pause-before-switchover.</summary>
internal sealed class PreSwitchoverGate
{
    private readonly TaskCompletionSource _word = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _through = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// The word, from any thread. Completes when the migration has gone on, or has come to its end otherwise. Throws
    /// <see cref="MigrationException"/> (illegal-transition) where nothing waits for it.
    /// </summary>
    public Task Open(MigrationStatus status)
    {
        if (status == MigrationStatus.PreSwitchover && _word.TrySetResult()) return _through.Task;
        var why = status == MigrationStatus.PreSwitchover ? "the word to continue was given already" : $"the migration is '{StatusNames.Of(status)}', not in pre-switchover";
        throw new MigrationException(new MigrationError(
            MigrationErrorCode.IllegalTransition, MigrationSide.Source, "continue", $"There is nothing to continue: {why}."));
    }

    /// <summary>Waits for the word, or for the end of the time that the whole may take, which is then carried out as for the passes.</summary>
    public async Task WaitAsync(SourceState state)
    {
        state.Step = "pre-switchover";
        var left = state.Options.Timeout - state.Since(state.Began);
        try
        {
            await _word.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, state.Clock.Time, state.Fault.Stopping);
        }
        catch (TimeoutException) when (state.Options.OnTimeout == TimeoutPolicy.Force)
        {
            _ = _word.TrySetResult(); // Too late for anybody else's.
        }
        catch (TimeoutException)
        {
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.Timeout, MigrationSide.Source, state.Step,
                $"Nobody said to continue within {state.Options.Timeout.TotalSeconds:0.###} s, the time allowed for the whole."));
        }
    }

    /// <summary>The migration has left pre-switchover, or is over.</summary>
    public void Leave() => _ = _through.TrySetResult();
}
