using DataPlane.Core.Errors;

namespace DataPlane.Sessions;

/// <summary>
/// Runs the steps of a host. What one throws fails the migration by the step's name. One that does not return can not be left alone, since
/// no other step may run beside it: so the log names it within a second after it should have ended.
/// </summary>
internal sealed class HostCalls(MigrationSide side, SessionLog log, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private long _toldToStop;

    /// <summary>The step that went on after it had been told to stop, and for how long; null while there was none.</summary>
    public (string Step, TimeSpan Time)? Overran { get; private set; }

    /// <summary>
    /// A cancellation counts as one only when <paramref name="stopping"/> asked for it: the host may have timeouts of its own. Without a
    /// token that can be cancelled the step should have ended at once.
    /// </summary>
    public async ValueTask RunAsync(string step, Func<ValueTask> call, CancellationToken stopping)
    {
        try
        {
            await WatchedAsync(step, call, stopping);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            throw new MigrationException(
                new MigrationError(MigrationErrorCode.HostFailed, side, step, $"The host's {step} failed: {fault.Message}"), fault);
        }
    }

    /// <summary>Runs a step that can not be stopped, and throws what it throws.</summary>
    public ValueTask RunAsync(string step, Func<ValueTask> call) => WatchedAsync(step, call, CancellationToken.None);

    private async ValueTask WatchedAsync(string step, Func<ValueTask> call, CancellationToken stopping)
    {
        // Set up before the call: a step may block this thread.
        await using var timer = time.CreateTimer(
            _ => log.Write($"waiting for the host's {step}, which has not returned {Patience.TotalSeconds:0} s after it should have; nothing goes on before it does"),
            null, stopping.CanBeCanceled ? Timeout.InfiniteTimeSpan : Patience, Timeout.InfiniteTimeSpan);
        _toldToStop = 0;
        await using var registration = stopping.Register(() =>
        {
            Volatile.Write(ref _toldToStop, time.GetTimestamp());
            _ = timer.Change(Patience, Timeout.InfiniteTimeSpan);
        });
        try
        {
            await call();
        }
        finally
        {
            if (Volatile.Read(ref _toldToStop) is not 0 and var told) Overran = (step, time.GetElapsedTime(told));
        }
    }
}
