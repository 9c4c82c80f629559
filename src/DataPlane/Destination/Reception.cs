using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>
/// Answers the door, before and during a migration. A control connection that fits becomes the session; data connections with the session's
/// MAC join it, each once. All others are refused, counted and logged, and change nothing.
/// </summary>
internal sealed class Reception
{
    /// <summary>A peer that means it sends its preamble at once: time for two packets lost in a row.</summary>
    private static readonly TimeSpan PreambleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>For a source to hear why it is refused.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly DestinationState _state;
    private readonly IConnections _connections;
    private readonly long? _openFiles = ProcessLimits.Read(ProcessLimits.OpenFiles);
    private readonly UnknownConnections _unknown;
    private readonly int _helloLimit;
    private readonly List<Task> _inHand = [];
    private readonly object _gate = new();
    private readonly TaskCompletionSource<DestinationConnection> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Guid _session;
    private JoinKey _key;
    private ushort _version;
    private ControlLink? _link;
    private DataSocket?[] _data = [];
    private bool _opened;

    public Reception(DestinationState state, IConnections connections)
    {
        (_state, _connections) = (state, connections);
        _unknown = new UnknownConnections(_state.Clock.Time, UnknownConnections.CapacityFor(_openFiles));
        _helloLimit = HelloLimit.Of(_state.Memory, _state.Sections);
    }

    /// <summary>Completes when a source has passed the handshake and all its channels have joined.</summary>
    public Task<DestinationConnection> Complete => _complete.Task;

    /// <summary>
    /// The read of the session's first message, under way since before the source was accepted: until all channels have joined it
    /// can only be a ping, or tell that the source gave up.
    /// </summary>
    public Task<IControlMessage>? FirstMessage { get; private set; }

    /// <summary>Accepts until <paramref name="stop"/>; returns when every connection in hand is finished with.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var watching = _unknown.WatchAsync(over.Token);
        try
        {
            await new AcceptLoop(_connections.NextAsync, _unknown, _openFiles, _state.Clock.Time, _state.Log).RunAsync(Meet, stop);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            _ = _complete.TrySetException(new MigrationException(new MigrationError(
                MigrationErrorCode.CannotConnect, MigrationSide.Destination, "listen", $"The listener ended: {fault.Message}"), fault));
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
            if (preamble.Role == ConnectionRole.Data) JoinChannel(peer, preamble);
            else if (preamble.Role == ConnectionRole.Handover) await new HandoverDoor(_state, _unknown).ServeAsync(peer);
            else await OpenSessionAsync(peer, preamble, stop);
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
            _ = _unknown.TryRelease(peer);
            peer.Socket.Dispose();
            if (!_connections.MoreMayCome) // Nobody will take its place.
                _ = _complete.TrySetException(new MigrationException(new MigrationError(
                    peer.EndedBecause is not null ? MigrationErrorCode.Timeout : fault is RefusalException unfit ? unfit.Error.Code : Faults.From(fault, MigrationSide.Destination, "handshake").Code,
                    MigrationSide.Destination, "handshake", $"A connection that was handed in is refused: {why}")));
        }
    }

    private async Task OpenSessionAsync(UnknownConnection peer, Preamble preamble, CancellationToken stop)
    {
        _unknown.Introduce(peer, _state.Options.HandshakeTimeout);
        var link = new ControlLink(peer.Socket, MigrationSide.Destination, _state.Clock.Time);
        var begun = false;
        try
        {
            var version = ProtocolVersion.Choose(preamble.OldestVersion, preamble.NewestVersion);
            if (version == 0)
                throw new RefusalException(
                    RefusalKind.Unfit,
                    $"The source speaks protocol versions {preamble.OldestVersion} to {preamble.NewestVersion}, the destination {ProtocolVersion.Oldest} to {ProtocolVersion.Newest}.",
                    MigrationErrorCode.VersionMismatch);
            // Before its hello is even read: a source that comes too late is to cost a running migration nothing. But it may be the one of this migration.
            lock (_gate)
                if (_state.Hello is not { MayRetry: true }) ThrowIfBusy();
            var hello = await link.ReceiveAsync(_helloLimit, CancellationToken.None) as HelloMessage
                ?? throw new RefusalException(RefusalKind.Garbage, "The first message is not a hello.");
            ThrowIfAnotherAttempt(hello);
            HelloChecks.Throw(hello, _state);
            Begin(peer, link, hello, preamble.Session, version);
            begun = true;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(_state.Options.HandshakeTimeout);
            FirstMessage = link.ReceiveAsync(CancellationToken.None).AsTask();
            await link.SendAsync(Accept(version, hello, _state.Kept?.For(hello)), limit.Token);
            await _state.Ownership!.NameAsync(link, limit.Token);
            await AwaitChannelsAsync(link, limit.Token);
        }
        catch (Exception fault) when (fault is RefusalException or MigrationException or OperationCanceledException)
        {
            if (!await TryForgetAsync(link)) return;
            var refusal = begun ? OfSource(fault) : OfStranger(fault);
            refusal.WasTold = peer.EndedBecause is null && fault is not OperationCanceledException;
            if (refusal.WasTold) await TellAsync(peer, link, refusal.Error, begun);
            await link.DisposeAsync();
            throw refusal;
        }
    }

    private static RefusalException OfStranger(Exception fault) => fault switch
    {
        RefusalException refusal => refusal,
        MigrationException { Error: { Code: MigrationErrorCode.ConnectionLost } lost } => new RefusalException(RefusalKind.Silent, lost.Message, lost.Code),
        MigrationException known => new RefusalException(RefusalKind.Garbage, known.Error.Message, known.Error.Code),
        _ => new RefusalException(RefusalKind.Silent, "The destination is ending."),
    };

    private RefusalException OfSource(Exception fault) => fault switch
    {
        RefusalException refusal => refusal,
        MigrationException known => new RefusalException(RefusalKind.Unfit, known.Error.Message, known.Error.Code),
        _ => new RefusalException(
            RefusalKind.Unfit, $"Its channels did not join within {_state.Options.HandshakeTimeout.TotalSeconds:0.###} s.", MigrationErrorCode.Timeout),
    };

    private void ThrowIfBusy()
    {
        if (_link is not null || _state.Ownership is not null) throw new RefusalException(RefusalKind.Busy, "The destination is busy with another source.", MigrationErrorCode.Refused);
    }

    /// <summary>
    /// A source that tries again knows that the present attempt is over; here it may not be known for a while, where a link died in silence. It
    /// is not taken before the present one has come to its end, with the last of its threads.
    /// </summary>
    private void ThrowIfAnotherAttempt(HelloMessage hello)
    {
        lock (_gate)
        {
            if (_link is null && _state.Ownership is null) return;
            if (_state.Hello is { } present && hello.Image == present.Image && hello.Attempt > present.Attempt)
            {
                if (_link is { } opening && !_complete.Task.IsCompletedSuccessfully)
                {
                    opening.Abort(); // A handshake that came to nothing: it leaves, and what is waited for is an attempt as before.
                }
                else
                {
                    _state.Ownership?.Line.HearKept(); // Nobody begins another attempt who has given the guest away in this one.
                    _ = _state.Fault.TrySet(new MigrationError(
                        MigrationErrorCode.ConnectionLost, MigrationSide.Destination, _state.Step, $"The source has given up on attempt {present.Attempt} and begins attempt {hello.Attempt}."));
                }
            }
            ThrowIfBusy();
        }
    }

    private void Begin(UnknownConnection peer, ControlLink link, HelloMessage hello, Guid session, ushort version)
    {
        lock (_gate)
        {
            ThrowIfBusy();
            if (!_unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            (_link, _session, _version) = (link, session, version);
            // Not by RandomNumberGenerator, which needs OpenSSL and ends the process without. NewGuid asks the kernel: 122 random bits each.
            _key = new JoinKey(Guid.NewGuid(), Guid.NewGuid());
            _data = new DataSocket?[hello.Channels];
            _state.Hello = hello;
            _opened = false;
            _state.Ownership = new DestinationOwnership(
                new HandoverKey(hello.Image, hello.Attempt, MigrationSide.Destination), _state.Journal, _state.Options, _state.Clock, _state.Words)
            {
                CanComeBack = _connections.MoreMayCome,
            };
        }
    }

    private AcceptMessage Accept(ushort version, HelloMessage hello, PageRange[]? written) => new(
        version, hello.Offered & PageFeatures.OfThisHost, _key,
        (byte)(_state.Options.Populate ? DestinationMemory.Populated : _state.Options.Memory),
        (uint)_state.Memory.Blocks.Min(block => block.Info.BackingPageSize),
        written is null ? 0 : _state.Kept!.Attempt, written ?? []);

    private async Task AwaitChannelsAsync(ControlLink link, CancellationToken cancel)
    {
        while (await Task.WhenAny(_complete.Task, FirstMessage!).WaitAsync(cancel) == FirstMessage)
        {
            switch (await FirstMessage)
            {
                case PingMessage ping: // The source is through with its part and waits. That it gives up, or is gone, has to be heard.
                    if (!await TryHearMoreAsync(link, ping, cancel)) return;
                    break;
                case HandoverMessage { Word: HandoverWord.Open } opened when !_opened:
                    await _state.Ownership!.OpenAsync(opened);
                    Open(link);
                    break;
                case FailedMessage failed:
                    throw new RefusalException(RefusalKind.Unfit, $"The source gave up: {failed.Message}", MigrationErrorCode.Cancelled);
                default:
                    throw new RefusalException(RefusalKind.Unfit, "A message came before the data channels had joined.");
            }
        }
        _ = await _complete.Task; // Also how it is heard that no more channels will come.
    }

    /// <summary>Both sides have their record: the session can begin when all channels are there.</summary>
    private void Open(ControlLink link)
    {
        lock (_gate)
        {
            FirstMessage = link.ReceiveAsync(CancellationToken.None).AsTask();
            _opened = true;
            CompleteWhenAllIsThere();
        }
    }

    private void CompleteWhenAllIsThere()
    {
        if (_opened && Array.TrueForAll(_data, channel => channel is not null))
            _ = _complete.TrySetResult(new DestinationConnection(_link!, [.. _data.Select(channel => channel!)]));
    }

    /// <summary>Answers a ping and reads on. False when the last channel has joined meanwhile: then the ping is the session's.</summary>
    private async Task<bool> TryHearMoreAsync(ControlLink link, PingMessage ping, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_complete.Task.IsCompletedSuccessfully) return false;
            FirstMessage = link.ReceiveAsync(CancellationToken.None).AsTask();
        }
        await link.SendAsync(new PongMessage(ping.SentNanoseconds, _state.Clock.Nanoseconds), cancel);
        return true;
    }

    private void JoinChannel(UnknownConnection peer, Preamble preamble)
    {
        lock (_gate)
        {
            if (_link is null || preamble.Session != _session)
                throw new RefusalException(RefusalKind.OtherSession, "It is a data channel of a session that is not the present one.");
            if (!_key.Fits(preamble))
                throw new RefusalException(RefusalKind.BadMac, $"It asks for channel {preamble.Channel} without the session's secret.");
            if (preamble.OldestVersion != _version || preamble.NewestVersion != _version || preamble.Channel >= _data.Length)
                throw new RefusalException(
                    RefusalKind.OutOfRange, $"Channel {preamble.Channel} of version {preamble.NewestVersion} was not agreed on.");
            if (_data[preamble.Channel] is not null)
                throw new RefusalException(RefusalKind.Replayed, $"Channel {preamble.Channel} has joined already.");
            if (!_unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            if (peer.Socket.ProtocolType == ProtocolType.Tcp) TcpTuning.SetCongestion(peer.Socket, _state.Options.Congestion, 0);
            _state.CongestionControl = TcpTuning.ReadCongestion(peer.Socket);
            _data[preamble.Channel] = new DataSocket(peer.Socket);
            CompleteWhenAllIsThere();
        }
    }

    /// <summary>A session that did not become complete leaves room for the next. False when it did become complete.</summary>
    private async Task<bool> TryForgetAsync(ControlLink link)
    {
        DestinationOwnership? ownership;
        lock (_gate)
        {
            if (_link != link) return true;
            if (_complete.Task.IsCompletedSuccessfully) return false;
            foreach (var channel in _data) channel?.Dispose();
            (_link, _data, _key) = (null, [], default);
            ownership = _state.Ownership;
            _state.Ownership = null;
        }
        // The attempt is over before it was one: its record says so, and lets go of the lock.
        if (ownership is not null) await ownership.DropAsync();
        return true;
    }
    private async Task TellAsync(UnknownConnection peer, ControlLink link, MigrationError error, bool begun)
    {
        _unknown.Dismiss(peer, LastWords);
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await link.SendAsync(FailedMessage.Of(error), limit.Token);
            // Closing with bytes unread would take back what was said.
            if (!begun) await peer.HearOutAsync(_helloLimit, limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The peer is gone or does not listen; the log has the reason.
        }
    }

    private TimeSpan Shorter(TimeSpan time) => time < _state.Options.HandshakeTimeout ? time : _state.Options.HandshakeTimeout;
}
