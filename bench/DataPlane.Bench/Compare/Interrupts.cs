using System.Runtime.InteropServices;
using DataPlane.Bench.Tools;

namespace DataPlane.Bench.Compare;

/// <summary>Ctrl-C and SIGTERM: what was started is ended, what was made is taken down, and what was measured by then is still printed.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interrupts() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, End), PosixSignalRegistration.Create(PosixSignal.SIGTERM, End)];

    public CancellationToken Cancel => _cancel.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _cancel.Dispose();
    }

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        _cancel.Cancel();
        ToolRun.EndAll();
    }
}
