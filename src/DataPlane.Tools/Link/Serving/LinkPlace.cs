using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Destination;
using DataPlane.Linux.Sockets;

namespace DataPlane.Tools.Link;

/// <summary>The one place for a client at a server: who has it, and which of its channels have joined. For any thread; every change under one lock.</summary>
internal sealed class LinkPlace(UnknownConnections unknown)
{
    private readonly Lock _gate = new();
    private Guid? _session;
    private string _who = "";
    private JoinKey _key;
    private ushort _version;
    private DataSocket?[] _data = [];
    private TaskCompletionSource<DataSocket[]> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Throws <see cref="RefusalException"/> while somebody has it.</summary>
    public void ThrowIfTaken()
    {
        lock (_gate)
            if (_session is not null)
                throw new RefusalException(
                    RefusalKind.Busy, $"The server is measuring with another client, {_who}: two at once would measure each other. Try again when that is through.", MigrationErrorCode.Refused);
    }

    /// <summary>The place is this client's. The key for its channels, and what completes when all of them are there: they are the caller's then.</summary>
    public (JoinKey Key, Task<DataSocket[]> Complete) Take(UnknownConnection peer, Guid session, ushort version, LinkHelloMessage hello)
    {
        lock (_gate)
        {
            ThrowIfTaken();
            if (!unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            (_session, _who, _version) = (session, peer.Name, version);
            // Not by RandomNumberGenerator, which needs OpenSSL and ends the process without.
            _key = new JoinKey(Guid.NewGuid(), Guid.NewGuid());
            _data = new DataSocket?[LinkConnection.Count(hello.Ways, hello.Channels)];
            _complete = new TaskCompletionSource<DataSocket[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            return (_key, _complete.Task);
        }
    }

    /// <summary>Takes a data connection in, or throws <see cref="RefusalException"/>.</summary>
    public void Join(UnknownConnection peer, Preamble preamble)
    {
        lock (_gate)
        {
            ChannelJoin.Check(preamble, _session, _key, _version, _data);
            if (!unknown.TryRelease(peer)) throw new RefusalException(RefusalKind.Silent, peer.EndedBecause!);
            _data[preamble.Channel] = new DataSocket(peer.Socket);
            if (Array.TrueForAll(_data, channel => channel is not null)) _ = _complete.TrySetResult([.. _data.Select(channel => channel!)]);
        }
    }

    /// <summary>The client is gone, or through. With <paramref name="unused"/> nobody has taken its channels over, and they are closed.</summary>
    public void Leave(bool unused)
    {
        lock (_gate)
        {
            if (unused)
                foreach (var channel in _data) channel?.Dispose();
            (_session, _data, _key) = (null, [], default);
        }
    }
}
