using DataPlane.Control.Convergence;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
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
    private readonly ChannelCrew _crew = state.Crew!;
    private long _passStart;
    private long _passPages;
    private long _lastAdded = long.MaxValue;
    private int _dryAtSync;

    public async Task RunAsync()
    {
        state.Step = "pass";
        state.AllocatedAtStart = GC.GetTotalAllocatedBytes();
        _passPages = state.Memory.PageCount;
        _passStart = state.Clock.Nanoseconds;
        _ = _crew.Give(OrderKind.Passes);
        while (true)
        {
            await WaitForEndOfPassAsync();
            var decision = Sync();
            if (decision.Verdict == PrecopyVerdict.GiveUp)
                throw new MigrationException(new MigrationError(
                    MigrationErrorCode.NotConverging, MigrationSide.Source, state.Step,
                    $"The guest dirties memory faster than it can be sent: {decision.Reason}. Allow a longer downtime, declare the bandwidth, or use on-timeout force."));
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
    /// A pass ends when the fastest channel has run dry. A read that brought nothing is not repeated for the same channels: the next to
    /// run dry ends the pass then.
    /// </summary>
    private async Task WaitForEndOfPassAsync()
    {
        var channels = _crew.Channels.Count;
        var wanted = _lastAdded == 0 ? Math.Min(_dryAtSync + 1, channels) : 1;
        var left = state.Options.Timeout - state.Since(state.Started);
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

    private PrecopyDecision Sync()
    {
        _dryAtSync = _crew.DryCount;
        var start = state.Clock.Nanoseconds;
        var added = state.Dirty.Sync(state.Bitmap);
        var cost = state.Since(start);
        _pacer.Read(cost);
        state.Syncs++;
        var remaining = state.Bitmap.Count();
        var decision = Decide(remaining);
        var duration = TimeSpan.FromMicroseconds((start - _passStart) / 1e3);
        state.Log!.End(_passPages, duration, cost, added, decision);
        state.DirtyBytesPerSecond = PassLog.PerSecond(added * PageGeometry.PageSize, duration);
        state.Decision = decision;
        _lastAdded = added;
        _passPages = remaining;
        _passStart = state.Clock.Nanoseconds;
        _crew.Pass++;
        _crew.NextGeneration();
        return decision;
    }

    /// <summary>
    /// The guest went on while the fence travelled: only if the rest still fits is it stopped, else the passes go on. Time that is up
    /// does not get shorter, so a forced stop is final.
    /// </summary>
    private async Task<bool> FenceAndLookAgainAsync(PrecopyDecision decision)
    {
        state.Step = "fence";
        _crew.Cap?.Lift(); // What is held back by now is in the way of the stop; and from the stop on every byte is blackout.
        await FenceAsync(state);
        if (decision.Verdict == PrecopyVerdict.Force || Sync().Verdict is PrecopyVerdict.Switch or PrecopyVerdict.Force) return true;
        state.Step = "pass";
        _crew.Cap?.Restore();
        _ = _crew.Give(OrderKind.Passes);
        return false;
    }

    private PrecopyDecision Decide(long remainingPages) => PrecopyPolicy.Decide(new PrecopySnapshot(
        remainingPages * PageGeometry.PageSize,
        state.Sections.Sum(section => section.Declared.Size),
        state.Options.AvailSwitchoverBytesPerSecond,
        state.Bandwidth.BytesPerSecond,
        state.Options.DowntimeLimit,
        state.Since(state.Started),
        state.Options.Timeout,
        state.Options.OnTimeout == TimeoutPolicy.Force)
    {
        WireBytesPerByte = WireBytesPerByte(),
        MeasuredUnderCap = state.Bandwidth.IsCapped,
    });

    private double WireBytesPerByte()
    {
        if (state.Options.Compression == PageCompression.None) return 1;
        var totals = CrewTotals.Of(_crew);
        return totals.Pages == 0 ? 1 : Math.Min(1, totals.WireBytes / ((double)totals.Pages * PageGeometry.PageSize));
    }
}
