using System.Diagnostics;
using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Tools.Shaping;
using Xunit;

namespace DataPlane.Tests.Tools.Shaping;

/// <summary>Delay and rate of a relay: never less than was asked for, which is what a loaded machine cannot spoil, and never piece after piece.</summary>
public sealed class ShapedRelayTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task RoundTrip_TakesTheDelayTwice_AndManyAreOnTheWayAtOnce()
    {
        var delay = 10 * Delay;
        await using var call = await LinkCall.OpenAsync(new LinkShape { Delay = delay });
        Assert.Equal(ShapingMechanism.Relay, call.Link.Mechanism);
        var (client, server) = call.Connect();
        var since = Stopwatch.GetTimestamp();
        _ = client.Send([1]);
        _ = server.Send(LinkCall.Receive(server, 1).Bytes);
        Assert.Equal(1, Assert.Single(LinkCall.Receive(client, 1).Bytes));
        Assert.True(Stopwatch.GetElapsedTime(since) >= 2 * delay);
        // One piece after another would take 128 delays, 26 s, and more.
        var bytes = new byte[32 << 20];
        new Random(1).NextBytes(bytes);
        since = Stopwatch.GetTimestamp();
        var sending = Task.Run(() => SendAll(client, bytes));
        Assert.Equal(bytes, LinkCall.Receive(server, bytes.Length).Bytes);
        await sending;
        Assert.True(Stopwatch.GetElapsedTime(since) is var took && took >= delay && took < 120 * delay, $"{took}");
    }

    [Fact]
    public async Task RoundTrip_IsNoShorterWhereTheRelayHoldsTheRate()
    {
        await using var call = await LinkCall.OpenAsync(new LinkShape { Delay = Delay, BytesPerSecond = 125_000_000 });
        var (client, server) = call.Connect();
        var since = Stopwatch.GetTimestamp();
        _ = client.Send([1]);
        _ = server.Send(LinkCall.Receive(server, 1).Bytes);
        _ = LinkCall.Receive(client, 1);
        Assert.True(Stopwatch.GetElapsedTime(since) is var took && took >= 2 * Delay, $"{took}");
    }

    [Fact]
    public async Task Jitter_NeverMakesOneByteOvertakeAnother()
    {
        await using var call = await LinkCall.OpenAsync(new LinkShape { Delay = Delay / 4, Jitter = Delay / 4 });
        var (client, server) = call.Connect();
        for (var number = 0; number < 100; number++) _ = client.Send([(byte)number]);
        Assert.Equal(Enumerable.Range(0, 100).Select(number => (byte)number), LinkCall.Receive(server, 100).Bytes);
    }

    [Fact]
    public async Task Rate_IsOneForAllConnections()
    {
        const int Rate = 40_000_000, Bytes = 8_000_000;
        await using var call = await LinkCall.OpenAsync(new LinkShape { BytesPerSecond = Rate });
        var pairs = new[] { call.Connect(), call.Connect() };
        var since = Stopwatch.GetTimestamp();
        var all = pairs.SelectMany(pair => new[] { Task.Run(() => SendAll(pair.Client, new byte[Bytes])), Task.Run(() => { _ = LinkCall.Receive(pair.Server, Bytes); }) });
        await Task.WhenAll(all);
        var least = TimeSpan.FromSeconds(((2.0 * Bytes) - (Rate * 0.005)) / Rate); // What the link lets through at once, taken off.
        Assert.True(Stopwatch.GetElapsedTime(since) is var took && took >= least, $"{took}");
    }

    [Fact]
    public async Task End_ComesBehindTheLastByte_AndTheOtherWayGoesOn()
    {
        await using var call = await LinkCall.OpenAsync(new LinkShape { Delay = Delay });
        var (client, server) = call.Connect();
        _ = client.Send([1, 2, 3]);
        client.Shutdown(SocketShutdown.Send);
        var (bytes, end) = LinkCall.Receive(server, 4);
        Assert.Equal((3, SocketError.Success), (bytes.Length, end));
        _ = server.Send([4]);
        Assert.Equal(4, Assert.Single(LinkCall.Receive(client, 1).Bytes));
    }

    [Fact]
    public async Task Back_IsALinkOfTheSameKind()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Close, AtBytes = Preamble.Size }));
        Assert.True(MigrationAddress.TryParse("tcp:localhost:1", out var nobody, out _));
        var (there, back) = (call.Link.Reach(nobody!), call.Link.ReachBack(nobody!));
        Assert.NotEqual(there, back);
        Assert.Equal((there, back), (call.Link.Reach(nobody!), call.Link.ReachBack(nobody!)));
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[socket.Send(bytes)..];
    }
}
