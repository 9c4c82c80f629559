using DataPlane.Core.Errors;
using DataPlane.Native.Errors;
using DataPlane.Native.Handles;
using DataPlane.Native.Hosting;
using DataPlane.Native.Memory;
using DataPlane.Native.Options;
using DataPlane.Results;

namespace DataPlane.Native.Migrations;

/// <summary>
/// A <c>dp_migration</c>: one side, from its making to its destruction. A run is the migration itself, or settling it afterwards; one at a time. Any
/// thread.
/// </summary>
internal abstract class Migration(GuestRam ram) : NativeObject(HandleKind.Migration)
{
    private readonly object _gate = new();
    private CancellationTokenSource _cancel = new();
    private TaskCompletionSource? _end; // Of the run that was begun last; complete from its end on.
    private bool _started;
    private MigrationResult? _result;

    public EventFeed Events { get; } = new();

    public abstract MigrationProgress Progress { get; }

    /// <summary>How it ended. Throws where it has not.</summary>
    public MigrationResult Result
    {
        get
        {
            lock (_gate) return _result is { } result && HasEnded ? result : throw new NativeException(DpError.NotReady, "The migration has not ended.");
        }
    }

    protected GuestRam Ram { get; } = ram;

    /// <summary>Its host; made by the derived class.</summary>
    protected NativeHost Host { get; set; } = null!;

    private bool HasEnded => _end is { Task.IsCompleted: true };

    /// <summary>What was learned before, and is used now; null for none.</summary>
    protected Costs? Costs { get; set; }

    /// <summary>Waits until it has ended, at most <paramref name="timeoutUs"/>; below 0: for ever. Throws why it did not complete.</summary>
    public void Wait(long timeoutUs)
    {
        CallbackScope.Refuse(this, "dp_wait");
        Task end;
        lock (_gate) end = _end?.Task ?? throw new NativeException(DpError.State, "The migration has not been started: there is nothing to wait for.");
        if (timeoutUs < 0) end.Wait();
        else if (!end.Wait(TimeSpan.FromMilliseconds(Math.Min(timeoutUs / 1000 + (timeoutUs % 1000 > 0 ? 1 : 0), int.MaxValue)))) throw new NativeException(DpError.NotReady, "The migration has not ended within the time that was waited for it.");
        if (Result is { Error: { } error }) throw new NativeException(-error.Number, Sentence(error));
    }

    public void Cancel()
    {
        lock (_gate) _ = _cancel.CancelAsync(); // Callbacks of the token run the migration on: not on the host's thread.
    }

    /// <summary>Begins to settle an outcome in doubt.</summary>
    public void Settle(int told)
    {
        if (told is < -1 or > 1) throw NativeException.Argument($"told is {told}, which is no DP_SIDE_*.");
        lock (_gate)
        {
            if (_result is not { Status: MigrationStatus.Uncertain } || !HasEnded) throw new NativeException(DpError.State, "There is nothing to settle: the outcome is not uncertain, or it is being settled.");
            _cancel = new CancellationTokenSource();
            var cancel = _cancel.Token;
            Begin(Task.Run(() => SettleAsync(told < 0 ? null : (MigrationSide)told, cancel), CancellationToken.None));
        }
    }

    public override void Destroy()
    {
        CallbackScope.Refuse(this, "dp_migration_destroy");
        lock (_gate)
        {
            if (_end is not null && !HasEnded) throw new NativeException(DpError.Busy, "The migration runs: cancel it and wait for its end first.");
            DisposeSide();
            Ram.EndMigration();
            Costs?.Unuse();
            Events.Dispose();
            Host.Dispose();
            _cancel.Dispose();
        }
    }

    protected static string Sentence(ErrorReport error) =>
        new MigrationError(error.Code, error.Side, error.Step, error.Message, error.PeerMessage).ToString();

    /// <summary>
    /// Begins the migration. What <paramref name="run"/> refuses by throwing is thrown here and leaves it unstarted. It is called on a thread of the
    /// library: callbacks come on those alone.
    /// </summary>
    protected void Start(Func<CancellationToken, Task<MigrationResult>> run)
    {
        CallbackScope.Refuse(this, "A start");
        lock (_gate)
        {
            if (_started) throw new NativeException(DpError.State, "This migration was started before; a second try takes a new one.");
            var cancel = _cancel.Token;
            var running = Task.Run(() => Task.FromResult(run(cancel)), CancellationToken.None).GetAwaiter().GetResult();
            if (running is { IsFaulted: true, Exception.InnerException: ArgumentException refused }) throw refused;
            _started = true;
            Begin(running);
        }
    }

    protected abstract Task<MigrationResult> SettleAsync(MigrationSide? told, CancellationToken cancel);

    /// <summary>Gives back what the side holds: the record of an uncertain outcome, parts that served it.</summary>
    protected abstract void DisposeSide();

    private void Begin(Task<MigrationResult> running)
    {
        _end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = EndAsync(running, _end);
    }

    private async Task EndAsync(Task<MigrationResult> running, TaskCompletionSource end)
    {
        MigrationResult result;
        try
        {
            result = await running.ConfigureAwait(false);
        }
        catch (Exception fault) // What comes here is a fault of this library: all else is a result.
        {
            var failure = Failure.Of(fault);
            result = new MigrationResult { Status = MigrationStatus.Failed, Error = new ErrorReport(MigrationErrorCode.Internal, (int)MigrationErrorCode.Internal, MigrationSide.Source, "run", failure.Sentence, null) };
        }
        if (result.Error is { } error) LastError = Sentence(error);
        var elapsedUs = Microseconds.Of(Progress.Elapsed);
        lock (_gate) // Whoever is told the end asks for the outcome next, from a thread of its own: it waits here until that is there.
        {
            _result = result;
            Events.End(result.Status, (uint)result.Attempt, elapsedUs);
            end.SetResult();
        }
    }
}
