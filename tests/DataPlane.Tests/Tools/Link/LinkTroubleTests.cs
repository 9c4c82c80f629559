using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using DataPlane.Tools.Link;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Tools.Link;

/// <summary>Servers that are busy, gone, silent, of another version or no servers; clients and strays that a server must bear.</summary>
[Collection("listeners")]
public sealed class LinkTroubleTests
{
    [Fact]
    public async Task BusyServer_SaysWithWhom_AndTheOtherGoesOn()
    {
        await using var scene = new LinkScene();
        var (measuring, stop) = await scene.BeginAsync();
        var refused = await scene.MeasureAsync(LinkScene.Short);
        Assert.Equal((LinkStatus.Failed, MigrationErrorCode.Refused, LinkSide.Server, "handshake"), (refused.Status, refused.Error!.Code, refused.Error.Side, refused.Error.Step));
        Assert.Matches(@"another client, 127\.0\.0\.1:\d+.*Try again", refused.Error.PeerMessage);
        Assert.False(measuring.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(LinkStatus.Cancelled, (await measuring.WaitAsync(LinkScene.Bound)).Status);
        stop.Dispose();
    }

    [Fact]
    public async Task ConnectionsCutInMidBulk_BothSidesSay_AndTheServerServesTheNext()
    {
        await using var scene = new LinkScene();
        using var relay = new CutRelay(scene.Address);
        var (measuring, stop) = await scene.BeginAsync(relay.Address);
        relay.Cut();
        var result = await measuring.WaitAsync(LinkScene.Bound);
        Assert.Equal((LinkStatus.Failed, MigrationErrorCode.ConnectionLost, LinkSide.Client, "bulk"), (result.Status, result.Error!.Code, result.Error.Side, result.Error.Step));
        Assert.NotEmpty(result.Intervals);
        Assert.True(result.Sum!.Bytes > 0);
        using var limit = new CancellationTokenSource(LinkScene.Bound);
        while (!scene.Lines.Any(line => line.StartsWith("broken off", StringComparison.Ordinal))) await Task.Delay(5, limit.Token);
        Assert.Equal(LinkStatus.Completed, (await scene.MeasureAsync(LinkScene.Short)).Status);
        stop.Dispose();
    }

    [Fact]
    public async Task StraysInMidBulk_ChangeNothing()
    {
        await using var scene = new LinkScene();
        var (measuring, stop) = await scene.BeginAsync();
        var flood = StrayFlood.Start(scene.Address, 400);
        flood.Join();
        Assert.Equal(0, flood.Failed);
        await stop.CancelAsync();
        Assert.Equal(LinkStatus.Cancelled, (await measuring.WaitAsync(LinkScene.Bound)).Status);
        Assert.Equal(LinkStatus.Completed, (await scene.MeasureAsync(LinkScene.Short)).Status);
        stop.Dispose();
    }

    [Fact]
    public async Task OtherVersion_BothRangesAreNamed()
    {
        await using var scene = new LinkScene();
        await using var link = await scene.CallAsync(hello: null, version: 99);
        var failed = await FailureAsync(link);
        Assert.Equal(MigrationErrorCode.VersionMismatch, failed.Code);
        Assert.Contains("99 to 99", failed.Message, StringComparison.Ordinal);
        Assert.Contains($"{ProtocolVersion.Oldest} to {ProtocolVersion.Newest}", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2, 32L << 20, "cubic", "ways")]
    [InlineData(4, 2, 32L << 20, "cubic", "ways")]
    [InlineData(1, 0, 32L << 20, "cubic", "channels")]
    [InlineData(1, 65, 1L << 30, "cubic", "channels")]
    [InlineData(3, 33, 1L << 30, "cubic", "channels")]
    [InlineData(1, 2, 1L << 50, "cubic", "memory")]
    [InlineData(1, 2, -1, "cubic", "memory")]
    [InlineData(1, 2, 2L << 20, "cubic", "memory")]
    [InlineData(1, 2, (32L << 20) + 4096, "cubic", "memory")]
    [InlineData(1, 2, 32L << 20, "", "congestion")]
    [InlineData(1, 2, 32L << 20, "a_name_that_is_too_long", "congestion")]
    [InlineData(1, 2, 32L << 20, "none_such", "congestion")]
    public async Task HelloThatAsksTooMuch_IsRefusedByName(byte ways, ushort channels, long memory, string congestion, string words)
    {
        await using var scene = new LinkScene();
        await using var link = await scene.CallAsync(new LinkHelloMessage((LinkWays)ways, channels, memory, congestion));
        Assert.Contains(words, (await FailureAsync(link)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SourceAtALinkServer_IsToldWhereItIs()
    {
        await using var scene = new LinkScene();
        await using var link = await scene.CallAsync(hello: null, ConnectionRole.Control);
        Assert.Contains("dataplane receive", (await FailureAsync(link)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LinkClientAtADestination_IsToldWhereItIs_AndTheDestinationGoesOnWaiting()
    {
        using var scene = new DoorScene();
        var result = await new LinkClient(LinkScene.Short).RunAsync(scene.Address, default).WaitAsync(LinkScene.Bound);
        Assert.Equal((LinkStatus.Failed, MigrationErrorCode.Refused), (result.Status, result.Error!.Code));
        Assert.Contains("dataplane link server", result.Error.PeerMessage, StringComparison.Ordinal);
        await using var link = await scene.ConnectAsync(1);
        _ = await DoorScene.OpenAsync(link);
        await link.SendAsync(new FailedMessage(MigrationErrorCode.Cancelled, "test", "That was all."), default);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", MigrationErrorCode.ProtocolViolation, "no link server")]
    [InlineData("", MigrationErrorCode.ProtocolViolation, "another version")]
    [InlineData(null, MigrationErrorCode.Timeout, "did not answer")]
    public async Task PeerThatIsNone_IsToldApart(string? answer, MigrationErrorCode code, string words)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var options = LinkScene.Short with { HandshakeTimeout = TimeSpan.FromMilliseconds(answer is null ? 300 : 20_000) };
        var measuring = new LinkClient(options).RunAsync(MigrationAddress.Of(listener.LocalEndPoint!), default);
        using var peer = await listener.AcceptAsync();
        var heard = new byte[4096];
        _ = await peer.ReceiveAsync(heard);
        if (answer is not null)
        {
            _ = await peer.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer));
            peer.Shutdown(SocketShutdown.Send);
        }
        var error = (await measuring.WaitAsync(LinkScene.Bound)).Error!;
        Assert.Equal((code, LinkSide.Client, "handshake"), (error.Code, error.Side, error.Step));
        Assert.Contains(code == MigrationErrorCode.ProtocolViolation && answer!.Length > 0 ? "does not answer as a link server" : words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OrderThatIsNotDue_EndsTheMeasurementByName()
    {
        await using var scene = new LinkScene();
        foreach (var (order, words) in new[] { (LinkOrderKind.Bulk, "only receives"), ((LinkOrderKind)77, "only receives") })
        {
            await using var link = await JoinAsync(scene);
            await link.SendAsync(new LinkOrderMessage(1, order, 0), default);
            Assert.Contains(words, (await FailureAsync(link)).Message, StringComparison.Ordinal);
        }
        await using var other = await JoinAsync(scene);
        await other.SendAsync(new CommitMessage(), default);
        Assert.Contains("COMMIT", (await FailureAsync(other)).Message, StringComparison.Ordinal);
    }

    /// <summary>A client by hand whose one channel has joined.</summary>
    private static async Task<ControlLink> JoinAsync(LinkScene scene)
    {
        var session = Guid.NewGuid();
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Link, 0, ProtocolVersion.Oldest, ProtocolVersion.Newest, session, Mac: 0).Write(preamble);
        LinkAcceptMessage accept;
        while (true)
        {
            var link = new ControlLink(Caller.Say(scene.Address, preamble), MigrationSide.Source, TimeProvider.System);
            await link.SendAsync(new LinkHelloMessage(LinkWays.ToServer, 1, 8 << 20, "auto"), default);
            var answer = await link.ReceiveAsync(default).AsTask().WaitAsync(LinkScene.Bound);
            if (answer is FailedMessage { Code: MigrationErrorCode.Refused })
            {
                await link.DisposeAsync(); // The one before is not quite gone.
                continue;
            }
            accept = Assert.IsType<LinkAcceptMessage>(answer);
            Preamble.ForChannel(0, accept.Version, session, accept.Key).Write(preamble);
            _ = Caller.Say(scene.Address, preamble);
            Assert.IsType<ReadyMessage>(await link.ReceiveAsync(default).AsTask().WaitAsync(LinkScene.Bound));
            return link;
        }
    }

    private static async Task<FailedMessage> FailureAsync(ControlLink link) =>
        Assert.IsType<FailedMessage>(await link.ReceiveAsync(default).AsTask().WaitAsync(LinkScene.Bound));
}
