using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Handover;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Sockets;
using DataPlane.Transport.Control;

namespace DataPlane.Destination;

/// <summary>
/// The one place for a session at a destination: who has taken it, and which of its channels have joined. For any thread; every change under
/// one lock.
/// </summary>
/// <param name="state">Gets the hello and the ownership of whoever takes the place.</param>
/// <param name="unknown">Lets go of what joins.</param>
/// <param name="canComeBack">Whether a source can come over another connection.</param>
internal sealed class SessionPlace(DestinationState state, UnknownConnections unknown, bool canComeBack)
{
    private readonly object _gate = new();
    private readonly TaskCompletionSource<DestinationConnection> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Guid _session;
    private JoinKey _key;
    private ushort _version;
    private ControlLink? _link;
    private DataSocket?[] _data = [];
    private bool _opened;

    /// <summary>Completes when all channels of a session have joined; or none will any more.</summary>
    public Task Complete => _complete.Task;

    /// <summary>The read of the session's first message, under way.</summary>
    public Task<IControlMessage>? FirstMessage { get; private set; }

    /// <summary>
    /// What has become complete is the caller's. Whoever loses, a session or <paramref name="stopping"/>, has not happened: a channel that joins
    /// afterwards makes none, and a source that had all of them in is not forgotten.
    /// </summary>
    public async Task<DestinationConnection> WhenCompleteAsync(CancellationToken stopping)
    {
        await using var registration = stopping.Register(() => _complete.TrySetCanceled(stopping));
        return await _complete.Task;
    }

    /// <summary>No session will come about any more, because of <paramref name="error"/>.</summary>
    public void Close(MigrationError error, Exception? cause = null) => _ = _complete.TrySetException(new MigrationException(error, cause));

    /// <summary>Before its hello is even read: a source that comes too late is to cost a running migration nothing. But it may be the one of this migration.</summary>
    public void ThrowIfTaken()
    {
        lock (_gate)
            if (state.Hello is not { MayRetry: true }) ThrowIfBusy();
    }

    /// <summary>
    /// A source that tries again knows that the present attempt is over; here it may not be known for a while, where a link died in silence. It
    /// is not taken before the present one has come to its end, with the last of its threads.
    /// </summary>
    public void ThrowIfTaken(HelloMessage hello)
    {
        lock (_gate)
        {
            if (_link is null && state.Ownership is null) return;
            if (state.Hello is { } present && hello.Image == present.Image && hello.Attempt > present.Attempt)
            {
                if (_link is { } opening && !_complete.Task.IsCompletedSuccessfully)
                {
                    opening.Abort(); // A handshake that came to nothing: it leaves, and what is waited for is an attempt as before.
                }
                else
                {
                    state.Ownership?.Line.HearKept(); // Nobody begins another attempt who has given the guest away in this one.
                    _ = state.Fault.TrySet(new MigrationError(
                        MigrationErrorCode.ConnectionLost, MigrationSide.Destination, state.Step, $"The source has given up on attempt {present.Attempt} and begins attempt {hello.Attempt}."));
                }
            }
            ThrowIfBusy();
        }
    }

    /// <summary>The place is the source's that said <paramref name="hello"/>. The key for its channels.</summary>
    public JoinKey Take(UnknownConnection peer, ControlLink link, HelloMessage hello, Guid session, ushort version)
    {
        lock (_gate)
        {
            ThrowIfBusy();
            if (!unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            (_link, _session, _version) = (link, session, version);
            // Not by RandomNumberGenerator, which needs OpenSSL and ends the process without. NewGuid asks the kernel: 122 random bits each.
            _key = new JoinKey(Guid.NewGuid(), Guid.NewGuid());
            _data = new DataSocket?[hello.Channels];
            state.Hello = hello;
            _opened = false;
            state.Ownership = new DestinationOwnership(
                new HandoverKey(hello.Image, hello.Attempt, MigrationSide.Destination), state.Journal, state.Options, state.Clock, state.Words)
            {
                CanComeBack = canComeBack,
            };
            return _key;
        }
    }

    /// <summary>Begins the read of what <paramref name="link"/> says next.</summary>
    public void Listen(ControlLink link) => FirstMessage = link.ReceiveAsync(CancellationToken.None).AsTask();

    /// <summary>Reads on behind a ping. False when the last channel has joined meanwhile: then the ping is the session's.</summary>
    public bool TryListen(ControlLink link)
    {
        lock (_gate)
        {
            if (_complete.Task.IsCompletedSuccessfully) return false;
            Listen(link);
            return true;
        }
    }

    /// <summary>Both sides have their record: the session can begin when all channels are there.</summary>
    public void Open(ControlLink link)
    {
        lock (_gate)
        {
            Listen(link);
            _opened = true;
            CompleteWhenAllIsThere();
        }
    }

    /// <summary>Whether <see cref="Open"/> has been said.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate) return _opened;
        }
    }

    /// <summary>Takes a data connection into the session, or throws <see cref="RefusalException"/>.</summary>
    public void Join(UnknownConnection peer, Preamble preamble)
    {
        lock (_gate)
        {
            ChannelJoin.Check(preamble, _link is null ? null : _session, _key, _version, _data);
            if (!unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            if (peer.Socket.ProtocolType == ProtocolType.Tcp) TcpTuning.SetCongestion(peer.Socket, state.Options.Congestion, 0);
            state.CongestionControl = TcpTuning.ReadCongestion(peer.Socket);
            _data[preamble.Channel] = new DataSocket(peer.Socket);
            CompleteWhenAllIsThere();
        }
    }

    /// <summary>A session that did not become complete leaves room for the next. False when it did become complete.</summary>
    public async Task<bool> TryForgetAsync(ControlLink link)
    {
        DestinationOwnership? ownership;
        lock (_gate)
        {
            if (_link != link) return true;
            if (_complete.Task.IsCompletedSuccessfully) return false;
            foreach (var channel in _data) channel?.Dispose();
            (_link, _data, _key) = (null, [], default);
            ownership = state.Ownership;
            state.Ownership = null;
        }
        // The attempt is over before it was one: its record says so, and lets go of the lock.
        if (ownership is not null) await ownership.DropAsync();
        return true;
    }

    private void CompleteWhenAllIsThere()
    {
        if (_opened && Array.TrueForAll(_data, channel => channel is not null))
            _ = _complete.TrySetResult(new DestinationConnection(_link!, [.. _data.Select(channel => channel!)]));
    }

    private void ThrowIfBusy()
    {
        if (_link is not null || state.Ownership is not null) throw new RefusalException(RefusalKind.Busy, "The destination is busy with another source.", MigrationErrorCode.Refused);
    }
}
