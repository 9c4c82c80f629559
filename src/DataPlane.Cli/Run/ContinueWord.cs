using System.Runtime.InteropServices;
using DataPlane.Cli.Output;
using DataPlane.Core.Errors;
using DataPlane.Results;

namespace DataPlane.Cli.Run;

/// <summary>
/// The word for a guest that waits in pre-switchover: Enter on standard input, or SIGUSR1, of which each is one word and says so where nothing
/// waits for it.
/// </summary>
internal sealed class ContinueWord : IDisposable
{
    private const int SigUsr1 = 10;

    private readonly MigrationSource _source;
    private readonly ProgressDisplay _display;
    private readonly PosixSignalRegistration _signal;

    public ContinueWord(MigrationSource source, ProgressDisplay display)
    {
        (_source, _display) = (source, display);
        _signal = PosixSignalRegistration.Create((PosixSignal)SigUsr1, signal =>
        {
            signal.Cancel = true;
            Say();
        });
        source.StatusChanged += OnStatusChanged;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.StatusChanged -= OnStatusChanged;
        _signal.Dispose();
    }

    private void OnStatusChanged(object? sender, MigrationStatusChange change)
    {
        if (change.To != MigrationStatus.PreSwitchover) return;
        _display.Note($"the guest stands still and waits: Enter, or kill -USR1 {Environment.ProcessId}, to go on; Ctrl-C to let it run on here");
        _ = Task.Run(ReadKey); // A thread that blocks, and is no reason for the process to live.
    }

    private void ReadKey()
    {
        // The end of the input is no word: a program without one still has the signal.
        if (Console.In.ReadLine() is null) return;
        if (!Console.IsInputRedirected) _display.Typed();
        Say();
    }

    private void Say()
    {
        try
        {
            _ = _source.ContinueAsync();
        }
        catch (MigrationException wrong)
        {
            _display.Note(wrong.Error.Message);
        }
    }
}
