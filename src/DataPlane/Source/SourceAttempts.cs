using DataPlane.Results;
using DataPlane.Sessions;

namespace DataPlane.Source;

/// <summary>
/// One migration as one or more attempts. Between two of them the guest runs here, its writes are tracked on, and the bitmap keeps what is not
/// known to be on the destination: so the next sends what changed.
/// </summary>
internal sealed class SourceAttempts(SourceState first, Action<SourceState> began)
{
    // A destination needs some milliseconds to be through with the attempt before; a link that is down is not asked more often than every two seconds.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly List<AttemptReport> _earlier = [];
    private long _failed;
    private TimeSpan _wait;

    public async Task<MigrationResult> RunAsync(Func<SourceState, IConnections> connect, CancellationToken cancel)
    {
        for (var state = first; ; state = Next(state))
        {
            MigrationResult result;
            using (var session = new SourceSession(state)) result = await session.RunAsync(connect(state), cancel);
            if (await ComesAgainAsync(state, cancel))
            {
                // A connection that did not come about is no attempt that anybody wants to read of.
                if (state.Met) _earlier.Add(AttemptReport.Of(result));
                continue;
            }
            // The session has left it on for an attempt that does not come.
            if (DirtyTracking.Stop(state) is { } warning) result = result with { Warnings = [.. result.Warnings, warning] };
            return result with { Attempts = _earlier };
        }
    }

    private SourceState Next(SourceState state)
    {
        var next = state.Next();
        began(next);
        return next;
    }

    /// <summary>
    /// Whether there is to be another attempt; returns when it is time for it. Cancelled while this one came to its end, it is the last, and how it
    /// failed is the result.
    /// </summary>
    private async Task<bool> ComesAgainAsync(SourceState state, CancellationToken cancel)
    {
        if (!state.MayRetry || cancel.IsCancellationRequested) return false;
        if (state.Met)
        {
            state.RetriesLeft--;
            (_failed, _wait) = (state.Clock.Nanoseconds, FirstWait);
        }
        else if (state.Since(_failed) > state.Options.Retain)
        {
            return false;
        }
        state.Words.Write($"attempt {state.Attempt} failed: {state.Fault.Error!.Message} Trying again.");
        try
        {
            await Task.Delay(_wait, state.Clock.Time, cancel);
        }
        catch (OperationCanceledException)
        {
            return true; // The one before is over, and was to be followed by another: it is the next attempt that is cancelled, as it begins.
        }
        _wait = _wait < LongestWait / 2 ? _wait * 2 : LongestWait;
        return true;
    }
}
