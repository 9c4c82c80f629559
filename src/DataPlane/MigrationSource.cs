using System.Net.Sockets;
using DataPlane.Core.Dirty;
using DataPlane.Core.Memory;
using DataPlane.Host;
using DataPlane.Linux.Memory;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Source;

namespace DataPlane;

/// <summary>
/// The side the guest leaves. One object carries out one migration; a second try takes a new one. The memory, the dirty source and
/// the host stay the caller's; they must outlive <c>RunAsync</c>.
/// </summary>
public sealed partial class MigrationSource : IDisposable
{
    private readonly StatusFeed _feed;
    private volatile SourceState _state;
    private readonly object _updating = new();
    private int _started;

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>, or with every block that is not mapped.</summary>
    public MigrationSource(GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options)
        : this(memory, dirty, host, options, TimeProvider.System)
    {
    }

    internal MigrationSource(GuestMemory memory, IDirtySource dirty, IMigrationHost host, MigrationOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(dirty);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        CheckThrottle(host, options);
        MappedMemory.Check(memory);
        _feed = new StatusFeed(new SessionLog(options.Log));
        _state = new SourceState(memory, dirty, host, options, time);
        Begin(_state);
    }

    /// <summary>
    /// Each move from one status to the next, in order, on threads of the pool: a handler holds up nothing. The last ones may come after
    /// <c>RunAsync</c> has returned.
    /// </summary>
    public event EventHandler<MigrationStatusChange>? StatusChanged;

    /// <summary>How it stands now. From any thread.</summary>
    public MigrationProgress Progress => SourceProgress.Of(_state);

    /// <summary>Where it is. Costs less than all of <see cref="Progress"/>. From any thread.</summary>
    public MigrationStatus Status => _state.Status;

    /// <summary>The pages that are not known to be on the destination. Stands still when <c>RunAsync</c> has returned.</summary>
    internal DirtyBitmap Unsent => _state.Bitmap;

    /// <summary>
    /// Changes parameters of the running migration: downtime limit, declared bandwidth, time allowed, what is done at its end and when the passes
    /// stall. <c>source.Update(now => now with { DowntimeLimit = ... })</c>. Takes effect with the next pass; for any thread, also before the
    /// start. Throws <see cref="ArgumentException"/> and changes nothing where another option differs or a value is out of its range.
    /// </summary>
    public void Update(Func<MigrationOptions, MigrationOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_updating)
        {
            var before = _state.Options;
            var after = change(before) ?? throw new ArgumentException("The changed options are null.", nameof(change));
            var faults = after.Validate();
            if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(change));
            if (!before.MayBecome(after))
                throw new ArgumentException(
                    "Only the downtime limit, the declared bandwidth, the timeout, the probe, the pause before the switchover and what is done on timeout or stall can be changed while a migration runs.",
                    nameof(change));
            CheckThrottle(_state.Host, after);
            _state.Options = after;
        }
    }

    /// <summary>
    /// Migrates the running guest. Returns when the guest runs on the destination, or again (or still) on the source; which of the two
    /// is <see cref="MigrationResult.Status"/>. Failures of the network, the peer or the host are results, not exceptions.
    /// </summary>
    /// <param name="to">The destination's address.</param>
    /// <param name="cancel">Cancels before the handover; after COMMIT it has no effect and the outcome decides. While another attempt is waited for: that one is cancelled, and the result says so.</param>
    public Task<MigrationResult> RunAsync(MigrationAddress to, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (to.Path is not null && _state.Options.LocalAddresses.Count > 0)
            throw new ArgumentException("Local addresses are for TCP; a UNIX socket has none.", nameof(to));
        return RunAsync(state => new DialedConnections(to, state.Options), cancel);
    }

    /// <summary>
    /// Migrates over connections that the embedder has made: stream sockets (TCP or UNIX, <c>socketpair(2)</c> too), the first for control,
    /// one for each data channel after it. The handshake, its token and all that follows are the same as with an address.
    /// </summary>
    /// <param name="connected">
    /// Two or more. Taken over: nobody else may use or close them, and all are closed when this returns. They stay the caller's only where
    /// <see cref="ArgumentException"/> is thrown: too few, not connected, other in number than <see cref="MigrationOptions.Channels"/>, or
    /// local addresses named that nothing is left to bind to.
    /// </param>
    /// <param name="cancel">As with an address.</param>
    public async Task<MigrationResult> RunAsync(IReadOnlyList<Socket> connected, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(connected);
        if (_state.Options.LocalAddresses.Count > 0)
            throw new ArgumentException("Local addresses cannot be chosen for sockets that are connected already.", nameof(connected));
        if (_state.Options.Channels is { } channels && channels != connected.Count - 1)
            throw new ArgumentException($"{connected.Count} sockets are one for control and {connected.Count - 1} data channels; {channels} channels were asked for.", nameof(connected));
        if (connected.Count > 65) throw new ArgumentException($"{connected.Count} sockets were given; a migration takes one for control and at most 64 data channels.", nameof(connected));
        if (_state.Options.Retries > 0)
            throw new ArgumentException("Connections that were handed in serve one attempt; no other can be made for a retry.", nameof(connected));
        using var connections = new HandedConnections(connected, sendsLittle: false);
        _state.UseChannels(connected.Count - 1);
        return await RunAsync(_ => connections, cancel);
    }

    /// <summary>
    /// The word to go on, for a migration that waits in pre-switchover (<see cref="MigrationOptions.PauseBeforeSwitchover"/>). From any thread.
    /// Completes when it has gone on, or has ended otherwise meanwhile. Throws <see cref="Core.Errors.MigrationException"/> (illegal-transition) where
    /// it does not wait; nothing has changed then.
    /// </summary>
    public Task ContinueAsync()
    {
        var state = _state;
        return state.Gate.Open(state.Status);
    }

    private async Task<MigrationResult> RunAsync(Func<SourceState, IConnections> connect, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("This source has carried out its migration; a second try takes a new one.");
        return await new SourceAttempts(_state, Begin).RunAsync(connect, cancel);
    }

    private void Begin(SourceState state)
    {
        state.Moves.Moved = (from, to) => _feed.Tell(
            this, StatusChanged, new MigrationStatusChange(from, to, (int)state.Attempt, state.Started == 0 ? TimeSpan.Zero : state.Since(state.Started)));
        lock (_updating)
        {
            state.Options = _state.Options; // As they were changed while the attempt before came to its end.
            _state = state;
        }
    }

    private static void CheckThrottle(IMigrationHost host, MigrationOptions options)
    {
        if (options.OnStall == StallHandling.Throttle && host is not IGuestThrottle)
            throw new ArgumentException($"{nameof(MigrationOptions.OnStall)} is {StallHandling.Throttle}, but the host does not implement {nameof(IGuestThrottle)}.", nameof(options));
    }
}
