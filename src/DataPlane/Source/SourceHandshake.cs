using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Host;
using DataPlane.Linux.Sockets;
using DataPlane.Options;
using DataPlane.Sessions;
using DataPlane.Telemetry;
using DataPlane.Transport.Control;

namespace DataPlane.Source;

/// <summary>
/// Takes connections and agrees: preamble and hello on the control connection, then the data connections, then READY. Whatever fails here has
/// touched neither guest; every socket that was opened is closed.
/// </summary>
internal sealed class SourceHandshake(
    GuestMemory memory, IReadOnlyList<DeviceSection> sections, MigrationOptions options, SessionClock clock, SourceOwnership ownership, bool mayRetry,
    SessionTelemetry telemetry)
{
    private readonly Guid _session = Guid.NewGuid();

    public async Task<SourceConnection> RunAsync(IConnections connections, int channels, CancellationToken cancel)
    {
        var control = await connections.NextAsync(cancel);
        telemetry.Connected = clock.Nanoseconds;
        var link = new ControlLink(control, MigrationSide.Source, clock.Time);
        var data = new List<DataSocket>(channels);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.HandshakeTimeout);
        try
        {
            var accept = await AgreeAsync(link, channels, limit.Token);
            await ownership.OpenAsync(link, limit.Token);
            var roundTrip = TcpTuning.ReadStatus(control)?.SmallestRoundTrip ?? 0;
            string? congestion = null;
            for (ushort channel = 0; channel < channels; channel++)
            {
                var joined = await ChannelDial.OpenAsync(connections, Preamble.ForChannel(channel, accept.Version, _session, accept.Key), options.Congestion, roundTrip, cancel);
                data.Add(joined.Channel);
                congestion = joined.Congestion;
            }
            return new SourceConnection(link, data, accept, congestion);
        }
        catch (Exception fault)
        {
            foreach (var socket in data) socket.Dispose();
            await link.DisposeAsync();
            if (fault is OperationCanceledException && !cancel.IsCancellationRequested)
                throw Failed(MigrationErrorCode.Timeout, $"The destination did not answer the handshake within {options.HandshakeTimeout.TotalSeconds:0.###} s.");
            throw;
        }
    }

    private Task SendPreambleAsync(ControlLink link, CancellationToken cancel)
    {
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Control, 0, ProtocolVersion.Oldest, ProtocolVersion.Newest, _session, Mac: 0).Write(preamble);
        return link.SendRawAsync(preamble, cancel).AsTask();
    }

    private HelloMessage Hello(int channels) => new()
    {
        Image = ownership.Key.Image,
        Attempt = ownership.Key.Attempt,
        MayRetry = mayRetry,
        Offered = PageFeatures.Offered(options),
        Required = PageFeatures.Required(options),
        PageSize = PageGeometry.PageSize,
        Channels = channels,
        VerifyAllPages = options.Verify == VerifyMode.Full,
        Blocks = [.. memory.Blocks.Select(BlockLayout.Of)],
        Sections = [.. sections.Select(section => new SectionLayout(
            section.Id, section.Version, section.Size, (long)section.SaveTime.TotalMicroseconds, (long)section.LoadTime.TotalMicroseconds))],
        Trace = telemetry.Context,
    };

    private static AcceptMessage Examined(AcceptMessage accept, HelloMessage hello)
    {
        if ((accept.Features & ~hello.Offered) != 0 || (hello.Required & ~accept.Features) != 0)
            throw Failed(
                MigrationErrorCode.ProtocolViolation,
                $"The destination accepts with features 0x{accept.Features:x}; 0x{hello.Offered:x} were offered, and of them 0x{hello.Required:x} required.");
        if (accept.Version is < ProtocolVersion.Oldest or > ProtocolVersion.Newest)
            throw Failed(MigrationErrorCode.ProtocolViolation, $"The destination accepts with protocol version {accept.Version}; {ProtocolVersion.Oldest} to {ProtocolVersion.Newest} were offered.");
        if (accept.KeptAttempt >= hello.Attempt)
            throw Failed(MigrationErrorCode.ProtocolViolation, $"The destination says that it holds attempt {accept.KeptAttempt}; this is attempt {hello.Attempt}.");
        return accept;
    }

    private async Task<AcceptMessage> AgreeAsync(ControlLink link, int channels, CancellationToken cancel)
    {
        try
        {
            await SendPreambleAsync(link, cancel);
            var hello = Hello(channels);
            await link.SendAsync(hello, cancel);
            return await link.ReceiveAsync(cancel) switch
            {
                AcceptMessage accept => Examined(accept, hello),
                FailedMessage failed => throw new MigrationException(Faults.FromPeer(failed, MigrationSide.Source)),
                var other => throw Failed(MigrationErrorCode.ProtocolViolation, $"The destination sent {other.Type.Name()} where its acceptance was due."),
            };
        }
        catch (MigrationException lost) when (lost.Error is { Code: MigrationErrorCode.ConnectionLost, Side: MigrationSide.Source })
        {
            throw Failed(
                MigrationErrorCode.ProtocolViolation,
                "The peer closed the connection instead of answering the handshake: it is no DataPlane destination, or it is ending.");
        }
        catch (MigrationException strange) when (strange.Error is { Code: MigrationErrorCode.ProtocolViolation, Side: MigrationSide.Source })
        {
            throw Failed(MigrationErrorCode.ProtocolViolation, $"The peer does not answer as a DataPlane destination. {strange.Error.Message}");
        }
    }

    private static MigrationException Failed(MigrationErrorCode code, string message) =>
        new(new MigrationError(code, MigrationSide.Source, "handshake", message));
}
