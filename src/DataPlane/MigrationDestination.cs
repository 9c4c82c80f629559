using System.Net.Sockets;
using DataPlane.Core.Dirty;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Destination;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;

namespace DataPlane;

/// <summary>
/// The side the guest goes to. One object carries out one migration. The memory and the host stay the caller's; they must outlive
/// <c>RunAsync</c>.
/// </summary>
public sealed partial class MigrationDestination : IDisposable
{
    private readonly DestinationState _state;
    private IConnections? _connections;
    private int _started;

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>.</summary>
    public MigrationDestination(GuestMemory memory, IMigrationHost host, MigrationDestinationOptions options)
        : this(memory, host, options, TimeProvider.System)
    {
    }

    internal MigrationDestination(GuestMemory memory, IMigrationHost host, MigrationDestinationOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _state = new DestinationState(memory, host, options, time);
    }

    /// <summary>How it stands now. From any thread.</summary>
    public MigrationProgress Progress => DestinationProgress.Of(_state);

    /// <summary>Pages that hold something of the stream.</summary>
    internal DirtyBitmap Received => _state.Received;

    /// <summary>
    /// Waits for a source on <paramref name="listener"/> and takes its guest. Connections that speak another protocol or do not fit are
    /// refused with the reason and do not end the wait. Returns when the guest runs here (completed), or when a migration that had
    /// passed the handshake failed or was cancelled: then the guest has not run here.
    /// </summary>
    public Task<MigrationResult> RunAsync(MigrationListener listener, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return RunAsync((IConnections)listener, cancel);
    }

    /// <summary>
    /// Takes a guest over connections that the embedder has made: stream sockets (TCP or UNIX, <c>socketpair(2)</c> too), one for control
    /// and one for each data channel, in any order; who is who is told by the source. They are proven by the same handshake and token as
    /// those of a listener, which the source must begin within <see cref="MigrationDestinationOptions.HandshakeTimeout"/>; one that does not
    /// fit fails the migration, since no other will come.
    /// </summary>
    /// <param name="connected">
    /// Taken over: nobody else may use or close them, and all are closed when this returns. They stay the caller's only where
    /// <see cref="ArgumentException"/> is thrown.
    /// </param>
    /// <param name="cancel">As with a listener.</param>
    public async Task<MigrationResult> RunAsync(IReadOnlyList<Socket> connected, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(connected);
        using var connections = new HandedConnections(connected, sendsLittle: true);
        return await RunAsync(connections, cancel);
    }

    private async Task<MigrationResult> RunAsync(IConnections connections, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("This destination has carried out its migration; a second try takes a new one.");
        _state.Status = MigrationStatus.Setup;
        if (TcpTuning.WhyNoCongestion(_state.Options.Congestion) is { } missing)
            _ = _state.Fault.TrySet(new MigrationError(MigrationErrorCode.OutOfResources, MigrationSide.Destination, _state.Step, missing));
        await OpenJournalAsync();
        _connections = connections;
        await using var registration = cancel.Register(Cancel);
        using var closing = new CancellationTokenSource();
        var reception = new Reception(_state, connections);
        var accepting = Task.Run(() => reception.RunAsync(closing.Token), CancellationToken.None);
        await ReceiveAsync(reception);
        await FarewellAsync();
        await closing.CancelAsync();
        await accepting;
        // A cancel may come between the last channel's joining and the session, which closes it otherwise.
        if (reception.Complete.IsCompletedSuccessfully) await (await reception.Complete).DisposeAsync();
        _state.Finished = _state.Clock.Nanoseconds;
        return DestinationReport.Build(_state);
    }

    private async Task OpenJournalAsync()
    {
        try
        {
            _state.Journal = await Task.Run(() => SessionJournal.Open(_state.Options.Journal, _state.Options.JournalSync, MigrationSide.Destination));
        }
        catch (MigrationException unusable)
        {
            _ = _state.Fault.TrySet(unusable.Error);
        }
    }

    /// <summary>A source that has not heard how it ended is answered as long as it asks by itself.</summary>
    private async Task FarewellAsync()
    {
        if (_state.Ownership is not { } ownership || _state.Status == MigrationStatus.Uncertain) return;
        await ownership.FarewellAsync();
        ownership.Close();
    }

    private async Task ReceiveAsync(Reception reception)
    {
        try
        {
            var connection = await reception.Complete.WaitAsync(_state.Fault.Stopping);
            _state.Started = _state.Clock.Nanoseconds;
            _state.CpuAtStart = Environment.CpuUsage.TotalTime;
            await new DestinationSession(_state, connection, reception.FirstMessage!).RunAsync();
        }
        catch (Exception fault) // Also what the session could not be made for: a peer's wishes must not come out as an exception.
        {
            _ = _state.Fault.TrySet(Faults.From(fault, MigrationSide.Destination, _state.Step));
            if (_state.Fault.Error is null) // The guest was taken over, and the session has said what came of it: only tidying up failed.
                _state.Log($"after the handover: {fault.Message}");
            else _state.Status = _state.Fault.Error.Code == MigrationErrorCode.Cancelled ? MigrationStatus.Cancelled : MigrationStatus.Failed;
        }
    }

    private void Cancel() => _ = _state.Fault.TrySet(new MigrationError(
        MigrationErrorCode.Cancelled, MigrationSide.Destination, _state.Step, "The destination was cancelled."));
}
