using DataPlane.Control.Handover;
using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;

namespace DataPlane.Destination;

/// <summary>TAKEN stands: lets the guest run, or gives it back where certainly nothing of it has run. The outcome stands in the state.</summary>
internal sealed class GuestTaking(DestinationState state)
{
    // So that the source's account has it too. Longer than that neither side waits: a host may announce for seconds, and the source wants to let go.
    private static readonly TimeSpan QuickAnnouncement = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Told = TimeSpan.FromSeconds(1);

    /// <summary>Never throws. <paramref name="commitHeard"/>: when COMMIT was heard, nanoseconds.</summary>
    public async Task RunAsync(long commitHeard)
    {
        if (state.Ownership!.Arbitrated is { Asked: not 0, Answered: var answered }) state.Blackout.Mark(BlackoutMoment.Arbitrated, answered);
        try
        {
            state.Step = "acquire";
            await state.Calls.RunAsync("acquire", AcquireAsync, CancellationToken.None);
            var taken = state.Clock.Nanoseconds;
            state.Blackout.Mark(BlackoutMoment.Taken, taken);
            state.Step = "resume";
            await state.Calls.RunAsync("resume", () => state.Host.ResumeAsync(CancellationToken.None), CancellationToken.None);
            var resumed = GuestMoments.Resumed(state.Host, taken, state.Clock.Nanoseconds, out var warning);
            if (warning is not null) state.Warnings.Add(warning);
            state.Blackout.Mark(BlackoutMoment.FirstInstruction, resumed);
            await state.Ownership.StepAsync(HandoverEvent.Resumed, new RunningMessage(
                commitHeard, state.Blackout[BlackoutMoment.Arbitrated] ?? 0, taken, resumed, (long)(Environment.CpuUsage.TotalTime - state.CpuAtStart).TotalMicroseconds));
        }
        catch (MigrationException failed)
        {
            await FailAsync(failed);
            return;
        }
        state.Status = MigrationStatus.Completed;
        state.Announcing = Task.Run(AnnounceAsync);
        _ = await Task.WhenAny(state.Announcing, Task.Delay(QuickAnnouncement, state.Clock.Time));
    }

    private ValueTask AcquireAsync()
    {
        state.Deadline.TellHost(state.Host, state.Clock); // In the step: what a host throws of it is not to leave a guest that nobody runs.
        return state.Host.AcquireAsync(CancellationToken.None);
    }

    /// <summary>Before the host was told to resume nothing of the guest can have run.</summary>
    private async Task FailAsync(MigrationException failed)
    {
        var notEntered = state.Step == "acquire" || failed.InnerException is GuestNotEnteredException;
        var error = notEntered
            ? failed.Error with { Message = $"{failed.Error.Message} No vCPU had entered the guest: it is given back to the source." }
            : failed.Error with
            {
                Code = MigrationErrorCode.GuestLost,
                Message = $"{failed.Error.Message} A vCPU may have entered the guest, which had been taken over: it is lost here, and the source does not resume what it "
                    + "holds, which is as old as the stop. Start the guest anew.",
            };
        if (notEntered) state.Fault.TakeBack(error);
        else state.UncertainError = error;
        state.Blackout.Mark(BlackoutMoment.GivenUp, state.Clock.Nanoseconds);
        state.Status = MigrationStatus.Failed;
        // The reason before the word: the source goes on at the word.
        if (state.Ownership!.SessionLink is { } link) await LastWords.SayAsync(link, error, TimeSpan.FromSeconds(1));
        await state.Ownership.StepAsync(notEntered ? HandoverEvent.ResumeFailed : HandoverEvent.ResumeFailedInside);
    }

    /// <summary>The guest runs here: that nobody could be told where it is makes it no failed migration.</summary>
    private async Task AnnounceAsync()
    {
        state.Step = "announce";
        try
        {
            await state.Calls.RunAsync("announce", () => state.Host.AnnounceAsync(CancellationToken.None), CancellationToken.None);
            state.Blackout.Mark(BlackoutMoment.Announced, state.Clock.Nanoseconds);
        }
        catch (MigrationException failed)
        {
            state.Log($"the guest runs here, but was not announced: {failed.Error.Message}");
            return;
        }
        if ((state.Hello!.Offered & PageFeatures.Checkpoints) != 0 && state.Ownership!.SessionLink is { } link)
            await PeersCheckpoints.TellAsync(link, state.Blackout, Told);
    }
}
