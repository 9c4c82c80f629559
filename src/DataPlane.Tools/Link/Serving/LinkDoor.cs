using System.Net.Sockets;
using System.Text;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Destination;
using DataPlane.Linux;
using DataPlane.Linux.Sockets;
using DataPlane.Sessions;
using DataPlane.Transport.Control;

namespace DataPlane.Tools.Link;

/// <summary>The handshake with a client, from its preamble until all its channels have joined. One that does not fit is told why.</summary>
internal sealed class LinkDoor(LinkServerOptions options, MigrationListener listener, UnknownConnections unknown, LinkPlace place, SessionClock clock)
{
    /// <summary>A hello is 11 bytes and the name of a congestion control; room for names that are refused by name.</summary>
    private const int HelloLimit = 4200;

    /// <summary>For a client to hear why it is refused.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Returns when all channels have joined; the place is the client's then. Throws <see cref="RefusalException"/> when nothing comes of it.</summary>
    public async Task<LinkVisit> OpenAsync(UnknownConnection peer, Preamble preamble, CancellationToken stop)
    {
        unknown.Introduce(peer, options.HandshakeTimeout);
        var link = new ControlLink(peer.Socket, MigrationSide.Destination, clock.Time);
        var taken = false;
        try
        {
            var version = ProtocolVersion.Choose(preamble.OldestVersion, preamble.NewestVersion);
            if (version == 0)
                throw Unfit(
                    $"The client speaks protocol versions {preamble.OldestVersion} to {preamble.NewestVersion}, the server {ProtocolVersion.Oldest} to {ProtocolVersion.Newest}. Use the same version on both hosts.",
                    MigrationErrorCode.VersionMismatch);
            if (preamble.Role != ConnectionRole.Link)
                throw Unfit("A link server waits here, which takes no guest. Start 'dataplane receive' on this host, on another port.", MigrationErrorCode.Refused);
            place.ThrowIfTaken();
            var hello = await link.ReceiveAsync(HelloLimit, CancellationToken.None) as LinkHelloMessage
                ?? throw new RefusalException(RefusalKind.Garbage, "The first message is not a hello of a client that measures.");
            Check(hello);
            var (key, complete) = place.Take(peer, preamble.Session, version, hello);
            taken = true;
            Tune(hello, link.Socket);
            return await CompleteAsync(link, hello, version, key, complete, stop) with { Name = peer.Name };
        }
        catch (Exception fault) when (fault is RefusalException or MigrationException or OperationCanceledException)
        {
            if (taken) place.Leave(unused: true);
            var refusal = Refusal(fault);
            if (peer.EndedBecause is null && fault is not OperationCanceledException) await TellAsync(peer, link, refusal.Error, taken);
            await link.DisposeAsync();
            throw refusal;
        }
    }

    private async Task<LinkVisit> CompleteAsync(ControlLink link, LinkHelloMessage hello, ushort version, JoinKey key, Task<DataSocket[]> complete, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.HandshakeTimeout);
        // Under way before it is accepted: one that goes away meanwhile leaves the place to others at once.
        var first = link.ReceiveAsync(CancellationToken.None).AsTask();
        try
        {
            await link.SendAsync(new LinkAcceptMessage(version, key), limit.Token);
            if (await Task.WhenAny(complete, first).WaitAsync(limit.Token) == first && !complete.IsCompleted)
                throw await first is FailedMessage failed ? Unfit($"The client gave up: {failed.Message}", MigrationErrorCode.Cancelled)
                    : Unfit("A message came before the data channels had joined.", MigrationErrorCode.ProtocolViolation);
            return new LinkVisit("", hello, new LinkConnection(link, await complete, hello.Ways, hello.Channels), first);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Unfit($"Its channels did not join within {options.HandshakeTimeout.TotalSeconds:0.###} s.", MigrationErrorCode.Timeout);
        }
    }

    private void Check(LinkHelloMessage hello)
    {
        var most = PlacedFrames.MaxChannels / (hello.Ways == LinkWays.Both ? 2 : 1);
        if (hello.Ways is LinkWays.None or > LinkWays.Both) throw Unfit($"The client asks for ways {(byte)hello.Ways}; 1 to 3 are known.", MigrationErrorCode.ProtocolViolation);
        if (hello.Channels < 1 || hello.Channels > most) throw Unfit($"The client asks for {hello.Channels} channels; 1 to {most} are taken.", MigrationErrorCode.Refused);
        var least = LinkOptions.LeastMemoryFor(hello.Channels);
        if (hello.MemoryBytes < least || hello.MemoryBytes > options.MaxMemoryBytes || hello.MemoryBytes % PageGeometry.StripeSize != 0)
            throw Unfit(
                $"The client asks for {hello.MemoryBytes} bytes of memory; with {hello.Channels} channels this server takes {least} to {options.MaxMemoryBytes}, in steps of 2 MiB (its --memory-limit).",
                MigrationErrorCode.Refused);
        if (Encoding.UTF8.GetByteCount(hello.Congestion) is 0 or > LinkOptions.LongestCongestion)
            throw Unfit($"The client names a congestion control of {hello.Congestion.Length} characters; 1 to {LinkOptions.LongestCongestion} are taken.", MigrationErrorCode.Refused);
        if (TcpTuning.WhyNoCongestion(hello.Congestion) is { } unknownName) throw Unfit(unknownName, MigrationErrorCode.OutOfResources);
    }

    // On the listening socket, before the channels connect: one that began with bbr goes on pacing under another control.
    private void Tune(LinkHelloMessage hello, Socket control)
    {
        if (control.ProtocolType != ProtocolType.Tcp || !hello.Ways.HasFlag(LinkWays.ToClient)) return;
        try
        {
            listener.Tune(socket => TcpTuning.SetCongestion(socket, hello.Congestion, TcpTuning.ReadStatus(control)?.SmallestRoundTrip ?? 0));
        }
        catch (LinuxException fault)
        {
            throw Unfit(fault.Message, MigrationErrorCode.OutOfResources);
        }
    }

    private static RefusalException Refusal(Exception fault) => fault switch
    {
        RefusalException refusal => refusal,
        MigrationException { Error: { Code: MigrationErrorCode.ConnectionLost } lost } => new RefusalException(RefusalKind.Silent, lost.Message, lost.Code),
        MigrationException known => new RefusalException(RefusalKind.Garbage, known.Error.Message, known.Error.Code),
        _ => new RefusalException(RefusalKind.Silent, "The server is ending."),
    };

    private static RefusalException Unfit(string message, MigrationErrorCode code) => new(RefusalKind.Unfit, message, code);

    private async Task TellAsync(UnknownConnection peer, ControlLink link, MigrationError error, bool taken)
    {
        unknown.Dismiss(peer, LastWords);
        using var limit = new CancellationTokenSource(LastWords);
        try
        {
            await link.SendAsync(FailedMessage.Of(error), limit.Token);
            // Closing with bytes unread would take back what was said.
            if (!taken) await peer.HearOutAsync(HelloLimit, limit.Token);
        }
        catch (Exception lost) when (lost is MigrationException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The peer is gone or does not listen; the log has the reason.
        }
    }
}
