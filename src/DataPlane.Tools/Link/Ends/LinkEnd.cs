using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Tools.Link;

/// <summary>
/// One end of a measurement: sender, receiver or both, the inbox, and whoever watches that the peer is there. Owns the connection. The memories stay the
/// caller's and must outlive it.
/// </summary>
internal sealed class LinkEnd : IAsyncDisposable
{
    private readonly LinkConnection _connection;
    private readonly LinkReceiver? _receiver;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _tasks = [];
    private volatile string _step = "setup";
    private volatile bool _through;

    public LinkEnd(LinkConnection connection, LinkMemories memories, long memoryBytes, LinkSide side, SessionClock clock)
    {
        (_connection, Side, Clock) = (connection, side, clock);
        var (sends, receives) = side == LinkSide.Client ? (connection.ToServer, connection.ToClient) : (connection.ToClient, connection.ToServer);
        if (sends.Count > 0) Sender = new LocalSender(memories.ToSend(memoryBytes).Guest, sends, Fail, clock);
        if (receives.Count > 0) _receiver = new LinkReceiver(memories.ToReceive(memoryBytes).Guest, receives, Link, Fault, clock, () => Step, ChannelEnded);
    }

    public LinkSide Side { get; }

    public SessionClock Clock { get; }

    public SessionFault Fault { get; } = new();

    public PongLog Pongs { get; } = new();

    public ControlLink Link => _connection.Link;

    /// <summary>Null where this end only receives.</summary>
    public LocalSender? Sender { get; }

    /// <summary>What is being done, for errors.</summary>
    public string Step
    {
        get => _step;
        set => _step = value;
    }

    /// <summary>Begins to receive, to hear and to watch, and gets the sender ready.</summary>
    /// <param name="inbox">Hears what the peer says.</param>
    /// <param name="first">A read of its first message that is under way; null where there is none.</param>
    /// <param name="idle">For how long nothing may be heard.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task StartAsync(LinkInbox inbox, Task<IControlMessage>? first, TimeSpan idle, CancellationToken cancel)
    {
        _receiver?.Start();
        _tasks.Add(Task.Run(() => inbox.RunAsync(first), CancellationToken.None));
        if (_receiver is not null) _tasks.Add(Task.Run(() => _receiver.AcknowledgeAsync(_over.Token), CancellationToken.None));
        var peer = new PeerWatch(Fault, Clock.Time, LinkFaults.Named(Side), () => Step, LinkFaults.Peer(Side));
        _tasks.Add(Task.Run(() => peer.RunAsync(Link.Socket, [.. _connection.Data.Cast<IDataConnection>()], _over.Token), CancellationToken.None));
        _tasks.Add(Task.Run(() => new LinkWatch(this, idle).RunAsync(_over.Token), CancellationToken.None));
        if (Sender is not null) await Sender.SettleAsync(cancel);
    }

    /// <summary>How far this end is.</summary>
    public LinkSampleMessage Sample(uint number) => new(
        number, Clock.Nanoseconds, (long)Environment.CpuUsage.TotalTime.TotalMicroseconds, _receiver?.Bytes ?? [],
        [.. Sender?.Channels.Select(channel => channel.Status is { } status ? new LinkChannelState(status.Retransmits, status.RoundTrip) : LinkChannelState.Unknown) ?? []]);

    /// <summary>From now on the peer may close whatever it likes.</summary>
    public void Through() => _through = true;

    /// <summary>Ends the measurement because of <paramref name="fault"/>. For any thread.</summary>
    public void Fail(Exception fault)
    {
        if (_through) return;
        var error = LinkFaults.Of(fault, Side, Step);
        // A channel that breaks is often the first that is heard of what the peer says on the control link.
        if (!Fault.TrySet(error) && error.PeerMessage is not null) Fault.Explain(error);
    }

    /// <summary>Ends the channels; nothing is written to the memories any more. The control link stays.</summary>
    public void EndChannels()
    {
        Through();
        Sender?.Dispose();
        _receiver?.Dispose();
    }

    /// <summary>Completes when the inbox has read its last.</summary>
    public Task Heard => _tasks.Count > 0 ? _tasks[0] : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        EndChannels();
        await _over.CancelAsync();
        Link.Abort();
        await Task.WhenAll(_tasks);
        await Link.DisposeAsync();
        _over.Dispose();
        Fault.Dispose();
    }

    private void ChannelEnded(Exception? end) => Fail(end ?? new MigrationException(new MigrationError(
        MigrationErrorCode.ConnectionLost, LinkFaults.Named(Side), Step, $"The {LinkFaults.Peer(Side)} closed a data channel.")));
}
