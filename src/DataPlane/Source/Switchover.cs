using DataPlane.Control.Timeline;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Handover;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>
/// The blackout, seen from the source: stop the guest, send what is left and the device state, hear PREPARED, give the guest away,
/// hear RUNNING. Until the guest is given away any fault leads back to the source.
/// </summary>
internal sealed class Switchover(SourceState state)
{
    // For one more connection, when the guest runs and only its source's last word is missing.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private CancellationToken Stopping => state.Fault.Stopping;

    public async Task RunAsync()
    {
        state.Status = MigrationStatus.Device;
        var asked = state.Clock.Nanoseconds;
        await StepAsync("stop", PauseAsync);
        var stopped = state.Clock.Nanoseconds;
        var pages = ReadDirty();
        var synced = state.Clock.Nanoseconds;
        state.Final = new FinalStretch(synced, CrewTotals.Of(state.Crew!).WireBytes, state.Return!.AcknowledgedBytes);
        await SendRestAsync();
        var sent = state.Clock.Nanoseconds;
        state.Log!.End(pages, Span(synced, sent), Span(stopped, synced), null, null);

        state.Step = "await-prepared";
        var prepared = await PreparedAsync();
        var heard = state.Return!.PreparedHeard;
        state.SwitchoverBytesPerSecond = state.Final.Achieved(CrewTotals.Of(state.Crew!).WireBytes, state.Clocks.ToSource(prepared.PlacedNanoseconds));
        var verified = heard;
        if (state.Options.Verify == VerifyMode.Full)
        {
            state.Step = "verify";
            state.Verified = await new MemoryComparison(state).RunAsync();
            verified = state.Clock.Nanoseconds;
        }
        await StepAsync("release", ReleaseAsync);
        var running = await GiveAsync();
        NoteLoads(prepared);
        if (running.Message is null)
        {
            state.Warn("The destination's times are not known: the connection was lost before they came. That the guest runs there was heard afterwards.");
            return;
        }
        state.DestinationCpuSeconds = running.Message.CpuMicroseconds / 1e6;
        state.Times = new BlackoutTimes
        {
            StopAsked = asked,
            Stopped = stopped,
            Synced = synced,
            Sent = sent,
            Placed = prepared.PlacedNanoseconds,
            Loaded = prepared.LoadedNanoseconds,
            PreparedHeard = heard,
            Verified = verified,
            Given = running.Given,
            CommitHeard = running.Message.CommitReceivedNanoseconds,
            Taken = running.Message.TakenNanoseconds,
            Resumed = running.Message.ResumedNanoseconds,
        };
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
    /// </summary>
    private async Task SendRestAsync()
    {
        state.Step = "final-memory";
        var crew = state.Crew!;
        var final = crew.Give(OrderKind.FinalPages);
        var gone = final.Done.ContinueWith(
            _ => state.Final!.PagesGone = state.Clock.Nanoseconds, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await SaveAsync();
        await final.Done.WaitAsync(Stopping);
        await gone;
        while (ReadDirty() > 0)
        {
            // Another channel may take the stripe this time, and its copy must not be overtaken by the older one: fence first.
            await PrecopyLoop.FenceAsync(state);
            await crew.Give(OrderKind.FinalPages).Done.WaitAsync(Stopping);
        }
        state.Final!.StateReady = state.Clock.Nanoseconds;
        await crew.Give(OrderKind.DeviceState, sections: [.. state.Sections.Select(section => section.Saved)]).Done.WaitAsync(Stopping);
        var fence = ++state.Fence;
        _ = state.Return!.ExpectFence(fence);
        state.Ownership!.DestinationMayBePrepared = true;
        await state.Link.SendAsync(new SwitchoverMessage(fence, [.. state.Sections.Select(section => Summary(section.Saved))]), Stopping);
        await crew.Give(OrderKind.Fence, fence).Done.WaitAsync(Stopping);
    }

    private async Task SaveAsync()
    {
        foreach (var (section, buffer) in state.Sections)
        {
            var start = state.Clock.Nanoseconds;
            await StepAsync($"save-state {section.Id}", () => state.Host.SaveAsync(section, buffer, Stopping));
            Note($"save-state {section.Id}", MigrationSide.Source, "final-memory", start, state.Clock.Nanoseconds);
            Stopping.ThrowIfCancellationRequested();
        }
        state.Step = "final-memory";
    }

    private static SavedSection Summary(SectionBuffer section) => new(section.Length, Crc32c.Of(section.Saved));

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
    private async Task<(RunningMessage? Message, long Given)> GiveAsync()
    {
        state.Step = "give";
        if (!state.Fault.TryGive()) throw new OperationCanceledException(Stopping);
        var (ownership, running) = (state.Ownership!, state.Return!.Running);
        await ownership.GiveAsync();
        state.Step = "await-running";
        await using var asking = new SourceAsking(ownership, state.Connections!, state.Clock, state.Words);
        await asking.SettleAsync(running, new Patience(state.Clock, state.Options.HandoverTimeout), CancellationToken.None);
        if (GivenOutcome.Of(state) is { } error) throw new MigrationException(error);
        if (!ownership.ReleasedIsSaid) await asking.TellReleasedAsync(new Patience(state.Clock, LastWord));
        return (running.IsCompletedSuccessfully ? await running : null, ownership.GivenAt);
    }

    private void NoteLoads(PreparedMessage prepared)
    {
        for (var i = 0; i < Math.Min(prepared.Loads.Length, state.Sections.Count); i++)
            Note(
                $"load-state {state.Sections[i].Declared.Id}", MigrationSide.Destination, "load-state",
                state.Clocks.ToSource(prepared.Loads[i].StartNanoseconds), state.Clocks.ToSource(prepared.Loads[i].EndNanoseconds));
    }

    // Kept as absolute times until the report, which counts from the stop.
    private void Note(string name, MigrationSide side, string segment, long start, long end) =>
        state.Stages.Add(new BlackoutStage(name, side, segment, start / 1e3, (end - start) / 1e3));

    private static TimeSpan Span(long from, long to) => TimeSpan.FromMicroseconds((to - from) / 1e3);
}
