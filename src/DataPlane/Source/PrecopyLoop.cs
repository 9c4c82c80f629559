using System.Diagnostics;
using DataPlane.Control.Convergence;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Linux.Host;
using DataPlane.Options;
using DataPlane.Transport.Sending;

namespace DataPlane.Source;

/// <summary>
/// Passes over memory while the guest runs, until the rest fits or time is up. Ends with every channel fenced: nothing of the passes is
/// on its way any more when the guest is stopped.
/// </summary>
internal sealed class PrecopyLoop(SourceState state)
{
    private readonly SyncPacer _pacer = new();
    private readonly StallHandler _stall = new(state);
    private readonly DirtyCensus _census = new(state.Memory, state.Crew!.Cleared);
    private readonly SourceForecast _forecast = state.Forecast = new SourceForecast(state);
    private readonly PrecopyJudge _judge = new(state.Forecast.Dirty);
    private readonly ChannelCrew _crew = state.Crew!;
    private long _passStart;
    private long _passPages;
    private long _lastAdded = long.MaxValue;
    private int _dryAtSync;
    private MigrationOptions _options = state.Options;
    private bool _probed;

    public async Task RunAsync()
    {
        state.Step = "pass";
        state.AllocatedAtStart = GC.GetTotalAllocatedBytes();
        // What a rehearsal beside the passes allocates is none of theirs.
        if (!state.Rehearsed.IsCompleted)
            _ = state.Rehearsed.ContinueWith(
                _ => state.AllocatedAtStart = GC.GetTotalAllocatedBytes(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (state.IsRetry) _ = state.Dirty.Sync(state.Bitmap); // What was written since the attempt before tells nothing of a rate.
        _passPages = state.Bitmap.Count(); // All of memory, but in a later attempt.
        _passStart = state.Clock.Nanoseconds;
        _census.Start(Stopwatch.GetTimestamp());
        _ = _crew.Give(OrderKind.Passes);
        while (true)
        {
            await WaitForEndOfPassAsync();
            var decision = await SyncAsync();
            if (decision.Verdict == PrecopyVerdict.Continue) continue;
            if (await FenceAndLookAgainAsync(decision)) break;
        }
        state.AllocatedSteady = GC.GetTotalAllocatedBytes() - state.AllocatedAtStart;
    }

    /// <summary>Sends a fence on every channel; returns when all of it, and all before it, is placed.</summary>
    public static async Task FenceAsync(SourceState state)
    {
        var fence = ++state.Fence;
        var placed = state.Return!.ExpectFence(fence);
        await state.Crew!.Give(OrderKind.Fence, fence).Done.WaitAsync(state.Fault.Stopping);
        await placed.WaitAsync(state.Fault.Stopping);
    }

    /// <summary>
    /// A pass ends when the fastest channel has run dry; the others go on with what they have in the next. A read that brought nothing is not
    /// repeated for the same channels: the next to run dry ends the pass then. Where what is left fits, and a pass is only to make that less, it ends
    /// with the slowest: the lot that one is left with may be most of it, as it takes 134 ms at 1 Gbit/s.
    /// </summary>
    private async Task WaitForEndOfPassAsync()
    {
        var channels = _crew.Channels.Count;
        var wanted = state.Decision is { FitsAlready: true } ? channels
            : _lastAdded == 0 ? Math.Min(_dryAtSync + 1, channels) : 1;
        var left = state.Options.Timeout - state.Since(state.Began);
        if (left > TimeSpan.Zero)
        {
            try
            {
                await _crew.WhenDryAsync(wanted).WaitAsync(left, state.Clock.Time, state.Fault.Stopping);
            }
            catch (TimeoutException)
            {
                return; // The time allowed is up in the middle of a pass: look at what is left now.
            }
        }
        var wait = _pacer.Wait(state.Since(_passStart));
        if (wait > TimeSpan.Zero) await Task.Delay(wait, state.Clock.Time, state.Fault.Stopping);
    }

    private async Task<PrecopyDecision> SyncAsync(bool fenced = false)
    {
        var throttle = state.ThrottlePercent;
        _dryAtSync = _crew.DryCount;
        _census.Before(state.Bitmap);
        var start = state.Clock.Nanoseconds;
        var ticks = Stopwatch.GetTimestamp();
        var cpu = ThreadCpu.Used;
        _lastAdded = state.Dirty.Sync(state.Bitmap);
        cpu = ThreadCpu.Used - cpu;
        var cost = state.Since(start);
        _pacer.Read(cost);
        state.Syncs++;
        var found = _census.After(state.Bitmap, ticks);
        _forecast.PassEnded(found, cpu);
        var decision = Decide(found.Pages, fenced);
        var duration = TimeSpan.FromMicroseconds((start - _passStart) / 1e3);
        state.DirtyBytesPerSecond = PassLog.PerSecond(
            found.Added * PageGeometry.PageSize, TimeSpan.FromSeconds(found.ExposureTicks / Stopwatch.Frequency));
        state.Log!.End(_passPages, duration, cost, state.DirtyBytesPerSecond, decision, throttle);
        state.Telemetry.PassEnded(_passStart, start);
        _passPages = found.Pages;
        _passStart = state.Clock.Nanoseconds;
        _crew.Pass++;
        _crew.NextGeneration(); // The channels go on while the host is asked or told.
        if (decision.Verdict == PrecopyVerdict.Ask)
        {
            decision = await _stall.AskAsync(decision, _judge.Trend, found.Pages, HardLimit);
            state.Log.Answered(decision);
        }
        state.Decision = decision;
        if (decision.Verdict is PrecopyVerdict.GiveUp or PrecopyVerdict.Refuse) throw Stays(decision);
        await _stall.ThrottleAsync(_judge.Trend, _forecast.Dirty.BytesPerSecond ?? 0, _forecast.Rate.BytesPerSecond ?? 0);
        return decision;
    }

    // The destination's watch is early by as much as the clocks are uncertain.
    private TimeSpan? HardLimit => state.Options.HardLimit is { } hard ? hard - TimeSpan.FromMicroseconds(SwitchoverWatch.ClocksFor(state, hard).Error / 1e3) : null;

    private MigrationException Stays(PrecopyDecision decision) => new(decision.Verdict == PrecopyVerdict.Refuse
        ? new MigrationError(
            MigrationErrorCode.WouldMissLimit, MigrationSide.Source, state.Step,
            $"The guest was not stopped, since the blackout would miss the limit: {decision.Reason}. Allow a longer downtime, or make the device states smaller or faster.")
        : new MigrationError(
            MigrationErrorCode.NotConverging, MigrationSide.Source, state.Step,
            $"The guest dirties memory faster than it can be sent: {decision.Reason}. Allow a longer downtime, declare the bandwidth, let the guest be throttled, or use on-timeout force."));

    /// <summary>
    /// The guest went on while the fence travelled: only if the rest still fits is it stopped, else the passes go on. Time that is up
    /// does not get shorter, so a forced stop is final.
    /// </summary>
    private async Task<bool> FenceAndLookAgainAsync(PrecopyDecision decision)
    {
        await state.Rehearsed.WaitAsync(state.Fault.Stopping); // The channels go on meanwhile.
        var probe = state.Options.Probe && !_probed ? new Probe(state) : null;
        _probed |= probe is not null;
        _crew.Cap?.Lift(); // What is held back by now is in the way of the stop; a probe is of the link; and from the stop on every byte is blackout.
        if (probe is not null) await probe.BurstAsync();
        state.Step = "fence";
        await FenceAsync(state);
        probe?.Take();
        if (decision.Verdict == PrecopyVerdict.Force || (await SyncAsync(fenced: true)).Verdict is PrecopyVerdict.Switch or PrecopyVerdict.Force) return true;
        state.Step = "pass";
        _crew.Cap?.Restore();
        _ = _crew.Give(OrderKind.Passes);
        return false;
    }

    private PrecopyDecision Decide(long remainingPages, bool fenced)
    {
        var options = state.Options;
        var elapsed = state.Since(state.Began);
        if (!ReferenceEquals(options, _options)) _judge.Restart(elapsed);
        _options = options;
        return _judge.Decide(
            new PrecopyEnd
            {
                RemainingBytes = remainingPages * PageGeometry.PageSize,
                MemoryBytes = state.Memory.ByteCount,
                Forecast = _forecast.Of(remainingPages),
                Rate = _forecast.Rate,
                MeasuredBytesPerSecond = state.Bandwidth.BytesPerSecond,
                WireBytesPerByte = _forecast.WireBytesPerByte,
                Elapsed = elapsed,
                Fenced = fenced,
                ThrottleExhausted = _stall.Exhausted,
            },
            new PrecopyAims(options.DowntimeLimit, HardLimit, options.Timeout, options.OnTimeout == TimeoutPolicy.Force, (StallPolicy)options.OnStall));
    }
}
