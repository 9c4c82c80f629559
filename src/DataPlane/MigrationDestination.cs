using System.Net.Sockets;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Destination;
using DataPlane.Handover;
using DataPlane.Host;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using DataPlane.Rehearsing;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Telemetry;

namespace DataPlane;

/// <summary>
/// The side the guest goes to. One object carries out one migration. The memory and the host stay the caller's; they must outlive
/// <c>RunAsync</c>.
/// </summary>
public sealed partial class MigrationDestination : IDisposable
{
    private readonly StatusFeed _feed;
    private volatile DestinationState _state;
    private IConnections? _connections;
    private int _started;

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>, or with every block that is not mapped.</summary>
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
        MappedMemory.Check(memory);
        _feed = new StatusFeed(new SessionLog(options.Log));
        _state = new DestinationState(memory, host, options, time);
        Begin(_state);
    }

    /// <summary>
    /// Each move from one status to the next, in order, on threads of the pool: a handler holds up nothing. The last ones may come after
    /// <c>RunAsync</c> has returned.
    /// </summary>
    public event EventHandler<MigrationStatusChange>? StatusChanged;

    /// <summary>How it stands now. From any thread.</summary>
    public MigrationProgress Progress => DestinationProgress.Of(_state);

    /// <summary>Where it is. Costs less than all of <see cref="Progress"/>. From any thread.</summary>
    public MigrationStatus Status => _state.Status;

    /// <summary>Pages that hold something of the stream.</summary>
    internal DirtyBitmap Received => _state.Received;

    /// <summary>
    /// Waits for a source on <paramref name="listener"/> and takes its guest. Connections that speak another protocol or do not fit are
    /// refused with the reason and do not end the wait. Returns when the guest runs here (completed), or when a migration that had
    /// passed the handshake failed or was cancelled, or none came in time: then the guest has not run here. Where the source means to try again, what arrived is kept
    /// and the next attempt waited for (<see cref="MigrationDestinationOptions.Retain"/>); the result is that of the last.
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
        _connections = connections;
        _ = DressRehearsal.ForAsync(_state.Host); // While nobody has come yet there is time.
        var result = await new DestinationAttempts(_state, Begin).RunAsync(connections, cancel);
        _state.Refusals.Close();
        return result;
    }

    private void Begin(DestinationState state)
    {
        state.Moves.Moved = (from, to) => _feed.Tell(
            this, StatusChanged, new MigrationStatusChange(from, to, (int)(state.Hello?.Attempt ?? 1), state.Started == 0 ? TimeSpan.Zero : state.Since(state.Started)));
        _state = state;
    }
}
