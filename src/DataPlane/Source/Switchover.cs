using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>
/// The blackout, seen from the source: stop the guest, send what is left and the device state, hear PREPARED, give the guest away,
/// hear RUNNING. Until the guest is given away any fault leads back to the source.
/// </summary>
internal sealed class Switchover(SourceState state)
{
    private readonly BlackoutTimes _times = state.Blackout;

    private CancellationToken Stopping => state.Fault.Stopping;

    public async Task RunAsync()
    {
        using var watch = state.Watch = SwitchoverWatch.For(state);
        var waits = state.Options.PauseBeforeSwitchover;
        if (!waits) state.Status = MigrationStatus.Device;
        var asked = state.Clock.Nanoseconds;
        _times.Mark(BlackoutMoment.StopAsked, asked);
        watch?.Begin(asked);
        await StepAsync("stop", PauseAsync);
        var stopped = state.Clock.Nanoseconds;
        state.Warn(GuestMoments.Stopped(_times, state.Host, stopped));
        if (waits) await ContinuedAsync(watch);
        if (watch is not null) await watch.TellDestinationAsync(Stopping);
        var read = state.Clock.Nanoseconds;
        var pages = ReadDirty();
        var synced = state.Clock.Nanoseconds;
        _times.Mark(BlackoutMoment.Synced, synced);
        state.Final = new FinalStretch(synced, CrewTotals.Of(state.Crew!).WireBytes, state.Return!.AcknowledgedBytes);
        await SendRestAsync(pages);
        var sent = state.Clock.Nanoseconds;
        _times.Mark(BlackoutMoment.Sent, sent);
        state.Log!.End(pages, Span(synced, sent), Span(read, synced), null, null);

        state.Step = "await-prepared";
        var prepared = await PreparedAsync();
        PeersCheckpoints.Take(_times, prepared, state.Return!.PreparedHeard);
        if (state.Options.Verify == VerifyMode.Full)
        {
            state.Step = "verify";
            watch?.Suspend();
            _times.Enter(BlackoutMoment.Verified);
            state.Verified = await new MemoryComparison(state).RunAsync();
            _times.Mark(BlackoutMoment.Verified, state.Clock.Nanoseconds);
            await NotCountedAsync(watch);
        }
        var release = state.Clock.Nanoseconds;
        await StepAsync("release", ReleaseAsync);
        _times.Add(BlackoutStageKind.Release, 0, release, state.Clock.Nanoseconds);
        var running = await GiveAsync();
        if (running is null)
        {
            state.Warn("The destination's times are not known: the connection was lost before they came. That the guest runs there was heard afterwards.");
            return;
        }
        PeersCheckpoints.Take(_times, running, state.Return.RunningHeard);
        // Before the answer to the last word, where announcing took no time to speak of.
        if (state.Return.Checkpoints is { IsCompletedSuccessfully: true, Result: { } told }) PeersCheckpoints.TakeAnnounced(_times, told, state.Return.CheckpointsHeard);
        state.DestinationCpuSeconds = running.CpuMicroseconds / 1e6;
    }

    private async Task ContinuedAsync(SwitchoverWatch? watch)
    {
        state.Status = MigrationStatus.PreSwitchover;
        watch?.Suspend();
        _times.Enter(BlackoutMoment.Continued);
        await state.Gate.WaitAsync(state);
        _times.Mark(BlackoutMoment.Continued, state.Clock.Nanoseconds);
        watch?.Resume();
        state.Status = MigrationStatus.Device;
        state.Gate.Leave();
    }

    private async ValueTask NotCountedAsync(SwitchoverWatch? watch)
    {
        if (watch is null) return;
        watch.Resume();
        await watch.TellDestinationAsync(Stopping);
    }

    private Task StepAsync(string step, Func<ValueTask> call)
    {
        Stopping.ThrowIfCancellationRequested(); // A fault stops what waits, and may have met nothing that does.
        state.Step = step;
        return state.Calls.RunAsync(step, call, Stopping).AsTask();
    }

    private ValueTask PauseAsync()
    {
        state.Paused = true; // Also when it fails half-way: resuming a guest that runs does no harm, leaving one stopped does.
        return state.Host.PauseAsync(Stopping);
    }

    private ValueTask ReleaseAsync()
    {
        state.Released = true;
        return state.Host.ReleaseAsync(Stopping);
    }

    private long ReadDirty()
    {
        _ = state.Dirty.Sync(state.Bitmap);
        state.Syncs++;
        return state.Bitmap.Count();
    }

    /// <summary>
    /// The last pages go over all channels while the host saves its devices. Saving may write memory, so the dirty sources are read
    /// once more and the rest is sent (which is why the final pages are re-protected too); then the device state, then the last fence.
    /// Each order wakes every channel and waits for the last (0.1 ms): none is given for nothing, and the state takes the fence along.
    /// </summary>
    private async Task SendRestAsync(long pages)
    {
        state.Step = "final-memory";
        var crew = state.Crew!;
        var final = pages > 0 ? crew.Give(OrderKind.FinalPages).Done : Task.CompletedTask;
        var gone = final.ContinueWith(
            _ => state.Final!.PagesGone = state.Clock.Nanoseconds, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await SaveAsync();
        await final.WaitAsync(Stopping);
        await gone;
        while (ReadDirty() > 0)
        {
            // Another channel may take the stripe this time, and its copy must not be overtaken by the older one: fence first.
            await PrecopyLoop.FenceAsync(state);
            await crew.Give(OrderKind.FinalPages).Done.WaitAsync(Stopping);
        }
        state.Final!.StateReady = state.Clock.Nanoseconds;
        _times.Mark(BlackoutMoment.PagesSent, state.Final.StateReady);
        var fence = ++state.Fence;
        _ = state.Return!.ExpectFence(fence);
        state.Ownership!.DestinationMayBePrepared = true;
        var rest = crew.Give(OrderKind.DeviceState, fence, [.. state.Sections.Select(section => section.Saved)]).Done;
        await state.Link.SendAsync(new SwitchoverMessage(fence, [.. state.Sections.Select(section => Summary(section.Saved))]), Stopping);
        await rest.WaitAsync(Stopping);
    }

    private async Task SaveAsync()
    {
        for (var i = 0; i < state.Sections.Count; i++)
        {
            var (section, buffer) = state.Sections[i];
            var start = state.Clock.Nanoseconds;
            try
            {
                await StepAsync($"save-state {section.Id}", () => state.Host.SaveAsync(section, buffer, Stopping));
            }
            finally
            {
                // Also of one that failed or was called off: it is the one that took the time.
                _times.Add(BlackoutStageKind.SaveState, i, start, state.Clock.Nanoseconds);
            }
            Stopping.ThrowIfCancellationRequested();
        }
        state.Step = "final-memory";
    }

    private SavedSection Summary(SectionBuffer section) => new(section.Length, Crc32c.Of(section.Saved, Stopping));

    private async Task<PreparedMessage> PreparedAsync()
    {
        var allowed = state.Options.HandoverTimeout + state.Sections.Aggregate(TimeSpan.Zero, (sum, section) => sum + section.Declared.LoadTime);
        try
        {
            return await state.Return!.Prepared.WaitAsync(allowed, state.Clock.Time, Stopping);
        }
        catch (TimeoutException)
        {
            throw new MigrationException(new MigrationError(
                MigrationErrorCode.Timeout, MigrationSide.Source, state.Step,
                $"The destination did not say within {allowed.TotalSeconds:0.###} s that it is prepared."));
        }
    }

    /// <summary>RUNNING, or null where that the guest runs was heard over another connection. Throws every other outcome.</summary>
    private async Task<RunningMessage?> GiveAsync()
    {
        state.Step = "give";
        state.Watch?.ThrowIfMissed();
        if (!state.Fault.TryGive()) throw new OperationCanceledException(Stopping);
        var (ownership, running) = (state.Ownership!, state.Return!.Running);
        await ownership.GiveAsync();
        _times.Mark(BlackoutMoment.Given, ownership.GivenAt);
        state.Step = "await-running";
        await using var asking = new SourceAsking(ownership, state.Connections!, state.Clock, state.Words);
        await asking.SettleAsync(running, new Patience(state.Clock, state.Options.HandoverTimeout), CancellationToken.None);
        if (ownership.IsReleased) await asking.TellReleasedAsync();
        if (GivenOutcome.Of(state) is { } error) throw new MigrationException(error);
        return running.IsCompletedSuccessfully ? await running : null;
    }

    private static TimeSpan Span(long from, long to) => TimeSpan.FromMicroseconds((to - from) / 1e3);
}
