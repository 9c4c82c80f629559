using System.Diagnostics;
using System.Net.Sockets;
using DataPlane.Core.Wire;
using DataPlane.Tools.Shaping;
using Xunit;

namespace DataPlane.Tests.Tools.Shaping;

/// <summary>Faults strike where the plan says, nothing else does, and what struck is told.</summary>
public sealed class LinkFaultTests
{
    private static readonly byte[] Words = [.. Enumerable.Range(0, 200).Select(number => (byte)number)];

    [Theory]
    [InlineData(LinkFaultKind.Reset, SocketError.ConnectionReset)]
    [InlineData(LinkFaultKind.Close, SocketError.Success)]
    public async Task LossAtAByte_LetsThoseBeforeThrough_AndBothEndsAreTold(LinkFaultKind kind, SocketError end)
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = kind, AtBytes = 150 }));
        var (client, server) = call.Connect();
        _ = client.Send(Words.AsSpan(0, 100));
        Assert.Equal(Words[..100], LinkCall.Receive(server, 100).Bytes);
        _ = client.Send(Words.AsSpan(100));
        var (rest, how) = LinkCall.Receive(server, 100);
        // A reset may take back what came just before it.
        Assert.Equal(Words[100..(100 + (kind == LinkFaultKind.Close ? 50 : rest.Length))], rest);
        Assert.True(rest.Length <= 50);
        Assert.Equal(end, how);
        Assert.Equal(end, LinkCall.Receive(client, 1).End);
        var strike = Assert.Single(call.Link.Strikes);
        Assert.Equal((kind, 0, "other", 150L), (strike.Kind, strike.Connection, strike.Role, strike.Bytes));
    }

    [Fact]
    public async Task OnlyTheTarget_IsCountedAndStruck()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Close, Target = LinkFaultTarget.Data, AtBytes = Preamble.Size + 10 }));
        var control = call.Connect(ConnectionRole.Control);
        _ = control.Client.Send(Words);
        Assert.Null(LinkCall.Receive(control.Server, Words.Length).End);
        var data = call.Connect(ConnectionRole.Data, channel: 3);
        _ = data.Client.Send(Words);
        var (bytes, end) = LinkCall.Receive(data.Server, Words.Length);
        Assert.Equal((10, SocketError.Success), (bytes.Length, end));
        _ = control.Client.Send(Words);
        Assert.Null(LinkCall.Receive(control.Server, Words.Length).End);
        Assert.Equal("data 3", Assert.Single(call.Link.Strikes).Role);
    }

    [Fact]
    public async Task All_AreStruckAtOnce_AndLaterConnectionsAreNot()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Reset, Target = LinkFaultTarget.All, AtBytes = (2 * Preamble.Size) + 1 }));
        var (first, second) = (call.Connect(ConnectionRole.Control), call.Connect(ConnectionRole.Data));
        _ = second.Client.Send(Words);
        Assert.Equal(SocketError.ConnectionReset, LinkCall.Receive(first.Server, 1).End);
        Assert.NotNull(LinkCall.Receive(second.Server, Words.Length).End);
        Assert.Equal(["control", "data 0"], call.Link.Strikes.Select(strike => strike.Role).Order(StringComparer.Ordinal));
        var third = call.Connect(ConnectionRole.Control);
        _ = third.Client.Send(Words);
        Assert.Null(LinkCall.Receive(third.Server, Words.Length).End);
    }

    [Fact]
    public async Task Flip_IsOneBit_OfTheByteThatIsNamed()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Flip, AtBytes = 77 }));
        var (client, server) = call.Connect();
        _ = client.Send(Words);
        var (bytes, end) = LinkCall.Receive(server, Words.Length);
        Assert.Null(end);
        Assert.Equal([77], Enumerable.Range(0, Words.Length).Where(at => bytes[at] != Words[at]));
        Assert.Equal(1, System.Numerics.BitOperations.PopCount((uint)(bytes[77] ^ Words[77])));
        Assert.Equal((LinkFaultKind.Flip, 77L), Assert.Single(call.Link.Strikes) is var strike ? (strike.Kind, strike.Bytes) : default);
    }

    [Fact]
    public async Task FaultsOfARate_StrikeTheSameBytesWithTheSameSeed()
    {
        var (first, again) = (await FlippedAsync(), await FlippedAsync());
        Assert.Equal(first, again);
        // 200 are expected, and the spread of such a count is its root.
        Assert.InRange(first.Length, 200 - 80, 200 + 80);

        static async Task<int[]> FlippedAsync()
        {
            const int Bytes = 2_000_000;
            await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Flip, PerGigabyte = 100_000 }));
            var (client, server) = call.Connect();
            var sending = Task.Run(() => client.Send(new byte[Bytes]));
            var bytes = LinkCall.Receive(server, Bytes).Bytes;
            _ = await sending;
            Assert.Equal(bytes.Sum(each => System.Numerics.BitOperations.PopCount(each)), call.Link.Strikes.Count);
            return [.. Enumerable.Range(0, Bytes).Where(at => bytes[at] != 0)];
        }
    }

    [Fact]
    public async Task Stall_HoldsBothWays_AndThenLetsAllOfItGo()
    {
        var time = TimeSpan.FromMilliseconds(200);
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Stall, Target = LinkFaultTarget.All, AtBytes = 100, Duration = time }));
        var (client, server) = call.Connect();
        var since = Stopwatch.GetTimestamp();
        _ = client.Send(Words);
        Assert.Equal(Words, LinkCall.Receive(server, Words.Length).Bytes);
        Assert.True(Stopwatch.GetElapsedTime(since) >= time);
        Assert.Equal(time, Assert.Single(call.Link.Strikes).Duration);
    }

    [Fact]
    public async Task Silence_TellsNobody_AndEndsWithTheLink()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Silence, AtBytes = 100 }));
        var (client, server) = call.Connect();
        _ = client.Send(Words);
        Assert.Equal(Words[..100], LinkCall.Receive(server, 100).Bytes);
        client.Shutdown(SocketShutdown.Send);
        server.ReceiveTimeout = 200;
        // The end was sent before this began to wait, and has not come.
        Assert.Contains(LinkCall.Receive(server, 1).End, (SocketError?[])[SocketError.WouldBlock, SocketError.TimedOut]);
        await call.Link.DisposeAsync();
        Assert.Equal(SocketError.ConnectionReset, LinkCall.Receive(server, 1).End);
        Assert.Equal(LinkFaultKind.Silence, Assert.Single(call.Link.Strikes).Kind);
    }

    [Fact]
    public async Task FaultAtATime_WaitsForItsTarget()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Reset, Target = LinkFaultTarget.Data, AtTime = TimeSpan.Zero }));
        var control = call.Connect(ConnectionRole.Control);
        var data = call.Connect(ConnectionRole.Data, channel: 1);
        Assert.Equal(SocketError.ConnectionReset, LinkCall.Receive(data.Server, 1).End);
        _ = control.Client.Send(Words);
        Assert.Null(LinkCall.Receive(control.Server, Words.Length).End);
        Assert.Equal("data 1", Assert.Single(call.Link.Strikes).Role);
    }

    [Fact]
    public async Task FaultsOfAnHour_Come()
    {
        await using var call = await LinkCall.OpenAsync(LinkCall.Faulty(new LinkFault { Kind = LinkFaultKind.Flip, PerHour = 360_000 })); // One in 10 ms.
        var (client, server) = call.Connect();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var zeros = new byte[100]; call.Link.Strikes.Count < 3; limit.Token.ThrowIfCancellationRequested())
        {
            _ = client.Send(zeros);
            _ = LinkCall.Receive(server, zeros.Length);
        }
    }
}
