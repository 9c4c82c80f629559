using System.Runtime.InteropServices;

namespace DataPlane.Cli.Run;

/// <summary>
/// Ctrl-C and SIGTERM: the first cancels, so that there still is a result; the second ends the process at once. A process that another
/// one holds leaves Ctrl-C to it, because a terminal sends that to both.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _onFirst;
    private int _count;

    public Interrupts(bool leaveCtrlC, Action onFirst)
    {
        _onFirst = onFirst;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, leaveCtrlC ? signal => signal.Cancel = true : Interrupt));
    }

    /// <summary>Cancelled by the first signal, or by <see cref="End"/>.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether anyone asked for an early end.</summary>
    public bool Happened => _cancel.IsCancellationRequested;

    /// <summary>An end asked for by something other than a signal.</summary>
    public void End()
    {
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has come to its end by itself meanwhile, and there is nothing left to cancel.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _cancel.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
            Environment.Exit(ExitCodes.Interrupted);
        _onFirst();
        End();
    }
}
