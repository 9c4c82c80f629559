using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Destination;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;

namespace DataPlane.Tools.Link;

/// <summary>Measures with one <see cref="LinkClient"/> after another. What is none is refused, counted and logged, and changes nothing.</summary>
public sealed class LinkServer
{
    // A client that means it sends its preamble at once: time for two packets lost in a row.
    private static readonly TimeSpan PreambleTimeout = TimeSpan.FromSeconds(2);

    private readonly LinkServerOptions _options;
    private readonly SessionClock _clock = new(TimeProvider.System);
    private readonly SessionLog _log;
    private int _started;

    /// <summary>Throws <see cref="ArgumentException"/> with every fault of <paramref name="options"/>.</summary>
    public LinkServer(LinkServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = options.Validate();
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(options));
        _options = options;
        _log = new SessionLog(options.Log);
    }

    /// <summary>
    /// Serves until <paramref name="stop"/>, or until the first client is through where only one is asked for. A client that is being measured with is
    /// told. Throws <see cref="MigrationException"/> where the listener ends. Once per object; the listener stays the caller's.
    /// </summary>
    public async Task RunAsync(MigrationListener listener, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (Interlocked.Exchange(ref _started, 1) != 0) throw new InvalidOperationException("This server has served; another run takes a new one.");
        using var memories = new LinkMemories();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await new Reception(this, listener, memories, over).RunAsync();
    }

    /// <summary>The connections of one run.</summary>
    private sealed class Reception
    {
        private readonly LinkServer _server;
        private readonly MigrationListener _listener;
        private readonly LinkMemories _memories;
        private readonly CancellationTokenSource _over;
        private readonly UnknownConnections _unknown;
        private readonly RefusalLog _refusals;
        private readonly LinkPlace _place;
        private readonly LinkDoor _door;
        private readonly string? _congestion;
        private readonly List<Task> _inHand = [];

        public Reception(LinkServer server, MigrationListener listener, LinkMemories memories, CancellationTokenSource over)
        {
            (_server, _listener, _memories, _over) = (server, listener, memories, over);
            _unknown = new UnknownConnections(server._clock.Time, UnknownConnections.CapacityFor(ProcessLimits.Read(ProcessLimits.OpenFiles)));
            _refusals = new RefusalLog(server._clock.Time, server._log.Write);
            _place = new LinkPlace(_unknown);
            _door = new LinkDoor(server._options, listener, _unknown, _place, server._clock);
            string? congestion = null;
            listener.Tune(socket => congestion = TcpTuning.ReadCongestion(socket));
            _congestion = congestion;
        }

        public async Task RunAsync()
        {
            using var watchOver = new CancellationTokenSource();
            var watching = _unknown.WatchAsync(watchOver.Token);
            try
            {
                await new AcceptLoop(
                    cancel => ((IConnections)_listener).NextAsync(cancel), _unknown, ProcessLimits.Read(ProcessLimits.OpenFiles), _server._clock.Time, _server._log.Write)
                    .RunAsync(Meet, _over.Token);
            }
            catch (OperationCanceledException)
            {
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                await _over.CancelAsync();
                throw new MigrationException(new MigrationError(MigrationErrorCode.CannotConnect, MigrationSide.Destination, "listen", $"The listener ended: {fault.Message}"), fault);
            }
            finally
            {
                _unknown.EndAll();
                await Task.WhenAll(_inHand);
                await watchOver.CancelAsync();
                await watching;
                _refusals.Close();
            }
        }

        private void Meet(Socket socket)
        {
            var timeout = PreambleTimeout < _server._options.HandshakeTimeout ? PreambleTimeout : _server._options.HandshakeTimeout;
            var meeting = MeetAsync(_unknown.Add(socket, timeout));
            if (meeting.IsCompleted) return;
            if (_inHand.Count >= 2 * UnknownConnections.MostCapacity) _ = _inHand.RemoveAll(task => task.IsCompleted);
            _inHand.Add(meeting);
        }

        private async Task MeetAsync(UnknownConnection peer)
        {
            try
            {
                var preamble = await peer.ReadPreambleAsync();
                if (preamble.Role == ConnectionRole.Data) _place.Join(peer, preamble);
                else await ServeAsync(await _door.OpenAsync(peer, preamble, _over.Token));
            }
            catch (Exception fault) when (fault is RefusalException or MigrationException or SocketException or IOException or ObjectDisposedException)
            {
                var (kind, why) = peer.EndedBecause is { } ended && fault is not RefusalException { WasTold: true } ? (RefusalKind.Silent, ended)
                    : fault is RefusalException refusal ? (refusal.Kind, refusal.Message) : (RefusalKind.Silent, $"It went away: {fault.Message}");
                _refusals.Add(kind, () => peer.Name, why);
                peer.Socket.Dispose(); // It has its place until its descriptor is free.
                _ = _unknown.TryRelease(peer);
            }
        }

        private async Task ServeAsync(LinkVisit visit)
        {
            var hello = visit.Hello;
            _server._log.Write($"measuring with {visit.Name}: {hello.Channels} {(hello.Channels == 1 ? "channel" : "channels")} {Words(hello.Ways)}, {hello.MemoryBytes >> 20} MiB of memory");
            var freed = false;
            try
            {
                var more = await visit.ServeAsync(_memories, _server._options, _server._clock, Free, _over.Token);
                _server._log.Write($"through with {visit.Name}");
                if (more == 0 && _server._options.OnlyOne) await _over.CancelAsync();
            }
            catch (MigrationException broken)
            {
                _server._log.Write($"broken off with {visit.Name}: {broken.Error.Message}{(broken.Error.PeerMessage is { } said ? $" It says: {said}" : "")}");
            }
            finally
            {
                if (!freed) Free();
            }

            void Free()
            {
                freed = true;
                if (_congestion is not null) _listener.Tune(socket => TcpTuning.SetCongestion(socket, _congestion, 0));
                _place.Leave(unused: false);
            }
        }

        private static string Words(Core.Wire.Messages.LinkWays ways) => ways switch
        {
            Core.Wire.Messages.LinkWays.ToServer => "to this host",
            Core.Wire.Messages.LinkWays.ToClient => "from this host",
            _ => "each way",
        };
    }
}
