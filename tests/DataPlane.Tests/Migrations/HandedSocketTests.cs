using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Sockets that an embedder hands in: whose they are, and what becomes of those that do not fit.</summary>
[Collection("machine")]
public sealed class HandedSocketTests
{
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(1);

    [Fact]
    public Task StrangerAmongThem_FailsBothSidesAtOnce_WithTheReason() => FailureScene.PlayAsync(async scene =>
    {
        var sockets = Pairs(3);
        var (stranger, mistaken) = SocketPair.Tcp();
        using (stranger)
        {
            _ = stranger.Send("GET / HTTP/1.1\r\nHost: destination\r\nUser-Agent: a stranger of more than 64 bytes\r\n\r\n"u8);
            var (sent, received) = await scene.Pair.RunOverAsync(Clients(sockets), [.. Servers(sockets)[..2], mistaken]);
            Assert.Equal((MigrationStatus.Failed, MigrationErrorCode.ProtocolViolation), (received.Status, received.Error!.Code));
            Assert.Contains("handed in", received.Error.Message, StringComparison.Ordinal);
            sockets[2].Server.Dispose();
            await scene.AssertGuestGoesOnAsync(
                sent, MigrationStatus.Failed, sent.Error!.Code, sent.Error.Side, "handshake", "control", "return-path");
        }
    });

    [Fact]
    public Task SourceThatNeverBegins_EndsTheDestination() => FailureScene.PlayAsync(async scene =>
    {
        var sockets = Pairs(2);
        scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { HandshakeTimeout = Handshake };
        var destination = new MigrationDestination(scene.Destination.Memory, scene.Pair.DestinationHost, scene.Pair.DestinationOptions);
        var received = await destination.RunAsync(Servers(sockets), default);
        Assert.Equal((MigrationErrorCode.Timeout, MigrationSide.Destination), (received.Error!.Code, received.Error.Side));
        foreach (var (client, server) in sockets)
        {
            Assert.True(server.SafeHandle.IsClosed);
            client.Dispose();
        }
    });

    [Fact]
    public Task CancelledDestination_ClosesThemAll() => FailureScene.PlayAsync(async scene =>
    {
        var sockets = Pairs(2);
        using var cancel = new CancellationTokenSource();
        var destination = new MigrationDestination(scene.Destination.Memory, scene.Pair.DestinationHost, scene.Pair.DestinationOptions);
        var ended = destination.RunAsync(Servers(sockets), cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(MigrationStatus.Cancelled, (await ended).Status);
        Assert.All(sockets, pair => Assert.True(pair.Server.SafeHandle.IsClosed));
        foreach (var (client, _) in sockets) client.Dispose();
    });

    [Fact]
    public async Task WrongUse_IsRefused_AndTheSocketsStayTheCallers()
    {
        using var memory = new GuardedMemory(1);
        using var dirty = new DataPlane.Core.Dirty.ExplicitDirtySource(memory.Memory);
        var (client, server) = SocketPair.Tcp();
        var (second, other) = SocketPair.Unix();
        using var unconnected = SocketPair.Create(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var (sockets, options, words) in ((Socket[], MigrationOptions, string)[])
        [
            ([client], new(), "two or more"),
            ([client, client], new(), "twice"),
            ([client, unconnected], new(), "connected"),
            ([client, second], new() { Channels = 2 }, "2 channels"),
            ([client, second], new() { LocalAddresses = [IPAddress.Loopback] }, "Local addresses"),
        ])
        {
            var source = new MigrationSource(memory.Memory, dirty, new IdleHost(), options);
            var fault = await Assert.ThrowsAnyAsync<ArgumentException>(() => source.RunAsync(sockets, default));
            Assert.Contains(words, fault.Message, StringComparison.OrdinalIgnoreCase);
            Assert.False(client.SafeHandle.IsClosed || second.SafeHandle.IsClosed);
        }
        foreach (var socket in (Socket[])[client, server, second, other]) socket.Dispose();
    }

    private static (Socket Client, Socket Server)[] Pairs(int count) => [.. Enumerable.Range(0, count).Select(_ => SocketPair.Tcp())];

    private static Socket[] Clients((Socket Client, Socket Server)[] pairs) => [.. pairs.Select(pair => pair.Client)];

    private static Socket[] Servers((Socket Client, Socket Server)[] pairs) => [.. pairs.Select(pair => pair.Server)];
}
