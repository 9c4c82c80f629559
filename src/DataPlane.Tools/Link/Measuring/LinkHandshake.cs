using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Source;
using DataPlane.Transport.Control;

namespace DataPlane.Tools.Link;

/// <summary>The client's side of a handshake: preamble and hello on the control connection, then the data connections. Whatever fails closes all of them.</summary>
internal sealed class LinkHandshake(LinkOptions options, SessionClock clock)
{
    private readonly Guid _session = Guid.NewGuid();

    public async Task<LinkConnection> RunAsync(MigrationAddress to, int channels, CancellationToken cancel)
    {
        // The server takes the same one, and would say that it lacks it: what is missing here is said here.
        if (TcpTuning.WhyNoCongestion(options.Congestion) is { } missing) throw Failed(MigrationErrorCode.OutOfResources, missing);
        var connections = new DialedConnections(to, new MigrationOptions
        {
            LocalAddresses = options.LocalAddresses, ConnectTimeout = options.ConnectTimeout, Congestion = options.Congestion,
        });
        var link = new ControlLink(await ConnectAsync(connections, to, cancel), MigrationSide.Source, clock.Time);
        var data = new List<DataSocket>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.HandshakeTimeout);
        try
        {
            var accept = await AgreeAsync(link, channels, limit.Token);
            var roundTrip = TcpTuning.ReadStatus(link.Socket)?.SmallestRoundTrip ?? 0;
            string? congestion = null;
            for (ushort channel = 0; channel < LinkConnection.Count(options.Ways, channels); channel++)
            {
                var joined = await ChannelDial.OpenAsync(
                    connections, Preamble.ForChannel(channel, accept.Version, _session, accept.Key), options.Congestion, roundTrip, limit.Token);
                data.Add(joined.Channel);
                congestion = joined.Congestion;
            }
            return new LinkConnection(link, data, options.Ways, channels) { Congestion = congestion };
        }
        catch (Exception fault)
        {
            foreach (var socket in data) socket.Dispose();
            await link.DisposeAsync();
            if (fault is OperationCanceledException && !cancel.IsCancellationRequested)
                throw Failed(MigrationErrorCode.Timeout, $"The server did not answer the handshake within {options.HandshakeTimeout.TotalSeconds:0.###} s.");
            throw;
        }
    }

    private static async Task<Socket> ConnectAsync(DialedConnections connections, MigrationAddress to, CancellationToken cancel)
    {
        try
        {
            return await connections.NextAsync(cancel);
        }
        catch (MigrationException refused) when (refused.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            throw new MigrationException(refused.Error with { Message = $"Cannot connect to {to}: nobody listens there. Start 'dataplane link server' on that host, or name its port." }, refused);
        }
    }

    private async Task<LinkAcceptMessage> AgreeAsync(ControlLink link, int channels, CancellationToken cancel)
    {
        try
        {
            var preamble = new byte[Preamble.Size];
            new Preamble(ConnectionRole.Link, 0, ProtocolVersion.Oldest, ProtocolVersion.Newest, _session, Mac: 0).Write(preamble);
            await link.SendRawAsync(preamble, cancel);
            await link.SendAsync(new LinkHelloMessage(options.Ways, (ushort)channels, options.MemoryBytes, options.Congestion), cancel);
            return await link.ReceiveAsync(cancel) switch
            {
                LinkAcceptMessage { Version: >= ProtocolVersion.Oldest and <= ProtocolVersion.Newest } accept => accept,
                LinkAcceptMessage other => throw Failed(
                    MigrationErrorCode.ProtocolViolation, $"The server accepts with protocol version {other.Version}; {ProtocolVersion.Oldest} to {ProtocolVersion.Newest} were offered."),
                FailedMessage failed => throw new MigrationException(LinkFaults.FromPeer(failed, LinkSide.Client)),
                var other => throw Failed(MigrationErrorCode.ProtocolViolation, $"The peer sent {other.Type.Name()} where a link server accepts. Is it one, and of this version?"),
            };
        }
        catch (MigrationException lost) when (lost.Error is { Code: MigrationErrorCode.ConnectionLost, PeerMessage: null })
        {
            throw Failed(
                MigrationErrorCode.ProtocolViolation,
                "The peer closed the connection instead of answering: it is no link server, one of another version, or it is ending. Start 'dataplane link server' of this version there.");
        }
        catch (MigrationException strange) when (strange.Error is { Code: MigrationErrorCode.ProtocolViolation, Step: "control" })
        {
            throw Failed(MigrationErrorCode.ProtocolViolation, $"The peer does not answer as a link server. {strange.Error.Message} Start 'dataplane link server' of this version there.");
        }
    }

    private static MigrationException Failed(MigrationErrorCode code, string message) => new(new MigrationError(code, MigrationSide.Source, "handshake", message));
}
