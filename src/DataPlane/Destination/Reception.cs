using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;
using DataPlane.Sessions;

namespace DataPlane.Destination;

/// <summary>
/// Answers the door, before and during a migration. A control connection that fits becomes the session; data connections with the session's
/// MAC join it, each once. All others are refused, counted and logged, and change nothing.
/// </summary>
internal sealed class Reception
{
    /// <summary>A peer that means it sends its preamble at once: time for two packets lost in a row.</summary>
    private static readonly TimeSpan PreambleTimeout = TimeSpan.FromSeconds(2);

    private readonly DestinationState _state;
    private readonly IConnections _connections;
    private readonly long? _openFiles = ProcessLimits.Read(ProcessLimits.OpenFiles);
    private readonly UnknownConnections _unknown;
    private readonly SessionPlace _place;
    private readonly SessionDoor _door;
    private readonly List<Task> _inHand = [];

    public Reception(DestinationState state, IConnections connections)
    {
        (_state, _connections) = (state, connections);
        _unknown = new UnknownConnections(_state.Clock.Time, UnknownConnections.CapacityFor(_openFiles));
        _place = new SessionPlace(state, _unknown, connections.MoreMayCome);
        _door = new SessionDoor(state, _unknown, _place);
    }

    /// <summary>
    /// A source has passed the handshake, and all its channels have joined; what comes back is the caller's. Cancelled, no session is begun any more: one
    /// of the two, however close they come.
    /// </summary>
    public Task<DestinationConnection> WhenCompleteAsync(CancellationToken stopping) => _place.WhenCompleteAsync(stopping);

    /// <summary>
    /// The read of the session's first message, under way since before the source was accepted: until all channels have joined it
    /// can only be a ping, or tell that the source gave up.
    /// </summary>
    public Task<IControlMessage>? FirstMessage => _place.FirstMessage;

    /// <summary>Accepts until <paramref name="stop"/>; returns when every connection in hand is finished with.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var watching = _unknown.WatchAsync(over.Token);
        try
        {
            await new AcceptLoop(cancel => _connections.NextAsync(cancel), _unknown, _openFiles, _state.Clock.Time, _state.Log).RunAsync(Meet, stop);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            _place.Close(new MigrationError(
                MigrationErrorCode.CannotConnect, MigrationSide.Destination, "listen", $"The listener ended: {fault.Message}"), fault);
        }
        _unknown.EndAll();
        _state.Ownership?.HangUp();
        await Task.WhenAll(_inHand);
        await over.CancelAsync();
        await watching;

        void Meet(Socket socket)
        {
            var meeting = MeetAsync(_unknown.Add(socket, Shorter(PreambleTimeout)), stop);
            if (meeting.IsCompleted) return;
            if (_inHand.Count >= 2 * UnknownConnections.MostCapacity) _ = _inHand.RemoveAll(task => task.IsCompleted);
            _inHand.Add(meeting);
        }
    }

    private async Task MeetAsync(UnknownConnection peer, CancellationToken stop)
    {
        try
        {
            var preamble = await peer.ReadPreambleAsync();
            if (preamble.Role == ConnectionRole.Data) _place.Join(peer, preamble);
            else if (preamble.Role == ConnectionRole.Handover) await new HandoverDoor(_state, _unknown).ServeAsync(peer);
            else await _door.OpenAsync(peer, preamble, stop);
        }
        catch (Exception fault) when (fault is RefusalException or MigrationException or SocketException or IOException or ObjectDisposedException)
        {
            // One that was refused while it was there counts as that, also where the door is closed before it has gone.
            var (kind, why) = peer.EndedBecause is { } ended && fault is not RefusalException { WasTold: true } ? (RefusalKind.Silent, ended) : fault switch
            {
                RefusalException refusal => (refusal.Kind, refusal.Message),
                SocketException or ObjectDisposedException => (RefusalKind.Silent, $"It went away: {fault.Message}."),
                _ => (RefusalKind.Unfit, fault.Message),
            };
            _state.Refusals.Add(kind, () => peer.Name, why);
            peer.Socket.Dispose(); // It has its place until its descriptor is free.
            _ = _unknown.TryRelease(peer);
            if (!_connections.MoreMayCome) // Nobody will take its place.
                _place.Close(new MigrationError(
                    peer.EndedBecause is not null ? MigrationErrorCode.Timeout : fault is RefusalException unfit ? unfit.Error.Code : Faults.From(fault, MigrationSide.Destination, "handshake").Code,
                    MigrationSide.Destination, "handshake", $"A connection that was handed in is refused: {why}"));
        }
    }

    private TimeSpan Shorter(TimeSpan time) => time < _state.Options.HandshakeTimeout ? time : _state.Options.HandshakeTimeout;
}
