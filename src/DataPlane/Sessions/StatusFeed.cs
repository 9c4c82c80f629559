using DataPlane.Results;

namespace DataPlane.Sessions;

/// <summary>
/// Tells the embedder of each move, in order, on threads of the pool: whatever a handler does, it holds up nothing of the migration. What one
/// throws goes to the log.
/// </summary>
internal sealed class StatusFeed(SessionLog log)
{
    private readonly object _gate = new();
    private Task _last = Task.CompletedTask;

    public void Tell(object sender, EventHandler<MigrationStatusChange>? handlers, MigrationStatusChange change)
    {
        if (handlers is null) return;
        lock (_gate) _last = _last.ContinueWith(_ => Call(sender, handlers, change), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Call(object sender, EventHandler<MigrationStatusChange> handlers, MigrationStatusChange change)
    {
        try
        {
            handlers(sender, change);
        }
        catch (Exception fault)
        {
            log.Write($"a handler of the status failed: {fault.Message}");
        }
    }
}
