using System.Text.Json;
using System.Threading.Channels;
using DataPlane.Cli.Run;

namespace DataPlane.Cli.Stress.Peers;

/// <summary>
/// The lines on standard input. Read by a thread of their own, so that a cancel is heard while an order is carried out. When they end, whoever
/// started this process is gone, or through with it: everything is cancelled, and what does not end in time is left behind.
/// </summary>
internal sealed class PeerOrders(TextReader input, Interrupts interrupts) : IDisposable
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    // Orders come one at a time, each after the answer to the one before.
    private readonly Channel<PeerRequest> _orders = Channel.CreateUnbounded<PeerRequest>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Lock _gate = new();
    private CancellationTokenSource _cancel = new();

    /// <summary>Held here so that it is not collected before it fires.</summary>
    private Timer? _late;

    /// <summary>Cancelled by the first <see cref="PeerOrder.Cancel"/> behind the order that began what is going on, and at the end.</summary>
    public CancellationToken Cancel
    {
        get
        {
            lock (_gate) return _cancel.Token;
        }
    }

    public IAsyncEnumerable<PeerRequest> ReadAllAsync() => _orders.Reader.ReadAllAsync();

    public void Start() => new Thread(Read) { IsBackground = true, Name = "orders" }.Start();

    /// <inheritdoc/>
    public void Dispose()
    {
        _late?.Dispose();
        lock (_gate) _cancel.Dispose();
    }

    private void Read()
    {
        while (input.ReadLine() is { } line)
        {
            var request = JsonSerializer.Deserialize(line, PeerJson.Default.PeerRequest)!;
            if (request.Do == PeerOrder.Cancel)
            {
                CancelNow();
                continue;
            }
            // Here and not when it is carried out, so that a cancel behind it is never lost.
            if (request.Do is PeerOrder.Listen or PeerOrder.Send)
                lock (_gate) _cancel = new CancellationTokenSource();
            _ = _orders.Writer.TryWrite(request);
        }
        _late = new Timer(_ => Environment.Exit(ExitCodes.Failed), null, _grace, Timeout.InfiniteTimeSpan);
        interrupts.End();
        CancelNow();
        _orders.Writer.Complete();
    }

    private void CancelNow()
    {
        try
        {
            CancellationTokenSource cancel;
            lock (_gate) cancel = _cancel;
            cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has come to its end by itself meanwhile.
        }
    }
}
