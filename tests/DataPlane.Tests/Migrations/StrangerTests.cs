using System.Net;
using System.Net.Sockets;
using System.Text;
using DataPlane.Core.Errors;
using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Peers that are no DataPlane peers: a clear error at the source, and a listener that lives on.</summary>
[Collection("machine")]
public sealed class StrangerTests
{
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("")]
    public Task DestinationOfAnotherProtocol_IsNamedAsSuch(string answer) => FailureScene.PlayAsync(async scene =>
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = ServeAsync(server, Encoding.ASCII.GetBytes(answer));
        var (sent, _) = await scene.Pair.RunAsync(MigrationAddress.Of(server.LocalEndpoint));
        await serving;
        Assert.Contains("destination", sent.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(5, FailureScene.ExitCode(sent));
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Failed, MigrationErrorCode.ProtocolViolation, MigrationSide.Source, "handshake");
    });

    [Fact]
    public Task NobodyThere_CannotConnect() => FailureScene.PlayAsync(async scene =>
    {
        var address = FreeAddress();
        var (sent, _) = await scene.Pair.RunAsync(address);
        Assert.Contains(address.ToString(), sent.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(3, FailureScene.ExitCode(sent));
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.CannotConnect, MigrationSide.Source, "connect");
    });

    /// <summary>A browser, noise, half a preamble, a port scan and silence, all of them still there when the real source comes.</summary>
    [Fact]
    public async Task StrangersAtTheListener_AreTurnedAway_AndTheSourceIsServed()
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(FailureScene.AnyKind));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(FailureScene.AnyKind) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        var refused = new List<string>();
        pair.DestinationOptions = pair.DestinationOptions with
        {
            HandshakeTimeout = TimeSpan.FromSeconds(1),
            Log = line =>
            {
                lock (refused) refused.Add(line);
            },
        };
        var noise = new byte[4096];
        new Random(1).NextBytes(noise);
        var (running, ended) = pair.StartDestination();
        using var browser = Connect(pair, Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: example.invalid\r\nUser-Agent: a browser of some length\r\n\r\n"));
        using var chatter = Connect(pair, noise);
        using var half = Connect(pair, "DATAPLN\n"u8.ToArray());
        Connect(pair, []).Dispose();
        using var silent = Connect(pair, []);
        AssertClosed(browser, chatter, half, silent);
        Assert.False(ended.IsCompleted);
        Assert.Equal(MigrationStatus.Setup, running.Progress.Status);
        using var late = Connect(pair, []);

        source.Start();
        var sent = await new MigrationSource(source.Memory, pair.Dirty, source, pair.SourceOptions).RunAsync(pair.Listener.Address, default);
        Assert.Null(sent.Error);
        Assert.Equal(MigrationStatus.Completed, (await ended).Status);
        Assert.True(destination.IsRunning);
        lock (refused)
        {
            Assert.Equal(6, refused.Count(line => line.StartsWith("refused a connection from ", StringComparison.Ordinal)));
            Assert.Equal(2, refused.Count(line => line.Contains("does not speak the DataPlane protocol", StringComparison.Ordinal)));
            Assert.Contains(refused, line => line.Contains("within 1 s", StringComparison.Ordinal));
        }
    }

    private static async Task ServeAsync(TcpListener server, byte[] answer)
    {
        using var socket = await server.AcceptSocketAsync();
        var request = new byte[4096];
        _ = await socket.ReceiveAsync(request);
        if (answer.Length > 0) _ = await socket.SendAsync(answer);
        socket.Shutdown(SocketShutdown.Send);
        while (await socket.ReceiveAsync(request) > 0)
        {
        }
    }

    private static MigrationAddress FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return MigrationAddress.Of(listener.LocalEndpoint);
    }

    private static Socket Connect(MigrationPair pair, byte[] words)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5000 };
        socket.Connect(pair.Listener.Address.Host!, pair.Listener.Address.Port);
        if (words.Length > 0) _ = socket.Send(words);
        return socket;
    }

    private static void AssertClosed(params Socket[] sockets)
    {
        foreach (var socket in sockets)
        {
            try
            {
                Assert.Equal(0, socket.Receive(new byte[1]));
            }
            catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Closed with what was sent unread: the kernel's way to say the same.
            }
        }
    }
}
