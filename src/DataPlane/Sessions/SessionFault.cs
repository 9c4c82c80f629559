using DataPlane.Core.Errors;

namespace DataPlane.Sessions;

/// <summary>
/// What ends a session early. Whoever finds a fault sets it; the first counts, and stops everything that waits. Once the guest has
/// been given away nothing can be set any more: then the outcome decides. For any thread.
/// </summary>
internal sealed class SessionFault : IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private bool _given;

    /// <summary>The first fault; null while there is none.</summary>
    public MigrationError? Error { get; private set; }

    /// <summary>Cancelled by the first fault.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Whether the guest has been given away.</summary>
    public bool Given
    {
        get
        {
            lock (_gate) return _given;
        }
    }

    /// <summary>Sets the fault. False when there is one already, or the guest has been given away.</summary>
    public bool TrySet(MigrationError error)
    {
        lock (_gate)
        {
            if (_given || Error is not null) return false;
            Error = error;
        }
        // Not on this thread: what waits goes on inside the call, and the way back joins the channel's thread that may have called.
        _ = _stop.CancelAsync();
        return true;
    }

    /// <summary>Closes the window for faults just before the guest is given away. False when a fault was first.</summary>
    public bool TryGive()
    {
        lock (_gate)
        {
            if (Error is null) _given = true;
            return _given;
        }
    }

    /// <summary>The guest that was given away is this side's again, because of <paramref name="error"/>: what went wrong counts as before the handover.</summary>
    public void TakeBack(MigrationError error)
    {
        lock (_gate) (_given, Error) = (false, error);
        _ = _stop.CancelAsync();
    }

    /// <summary>COMMIT has been heard: the guest is taken, whatever went wrong before. What was set is void.</summary>
    public void Overrule()
    {
        lock (_gate) (_given, Error) = (true, null);
    }

    /// <summary>
    /// A lost connection often has its reason in what the peer said last: its own error, arriving on another connection, takes the place
    /// of the symptom.
    /// </summary>
    public void Explain(MigrationError peers)
    {
        lock (_gate)
        {
            if (Error?.Code == MigrationErrorCode.ConnectionLost) Error = peers;
        }
    }

    public void Dispose() => _stop.Dispose();
}
