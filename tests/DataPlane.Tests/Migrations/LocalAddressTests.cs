using System.Net;
using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Source;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Which local addresses the connections of a source go from.</summary>
[Collection("machine")]
public sealed class LocalAddressTests
{
    [Fact]
    public async Task Connections_GoFromTheLocalAddressesInTurn_ControlFromTheFirst()
    {
        using var listener = SocketPair.Create(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(16);
        var to = MigrationAddress.Of(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port));
        var connections = new DialedConnections(to, new MigrationOptions { LocalAddresses = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3")] });
        var from = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var socket = await connections.NextAsync(default);
            using var accepted = listener.Accept();
            from.Add(((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
        }
        Assert.Equal(["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"], from);
    }

    [SkippableTheory]
    [InlineData(ConnectionKind.Tcp4, "127.0.0.1", "127.0.0.2")]
    [InlineData(ConnectionKind.Tcp6, "::1")]
    public Task GuestMoves_FromLocalAddresses(ConnectionKind kind, params string[] local) => FailureScene.PlayAsync(async scene =>
    {
        using var listener = MigrationListener.Bind(ConnectionKinds.Address(kind));
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { LocalAddresses = [.. local.Select(IPAddress.Parse)] };
        var source = new MigrationSource(scene.Source.Memory, scene.Pair.Dirty, scene.Pair.SourceHost, scene.Pair.SourceOptions);
        var ended = new MigrationDestination(scene.Destination.Memory, scene.Pair.DestinationHost, scene.Pair.DestinationOptions).RunAsync(listener, default);
        var sent = await source.RunAsync(listener.Address, default);
        Assert.Null(sent.Error);
        Assert.Equal(MigrationStatus.Completed, (await ended).Status);
    });

    [Theory]
    [InlineData("192.0.2.1", "Give an address of this host")]
    [InlineData("::1", "one is IPv4 and the other IPv6")]
    public Task AddressThatDoesNotFit_IsNamed_BeforeAnythingIsDone(string wrong, string words) => FailureScene.PlayAsync(async scene =>
    {
        // The second: found all the same before the first connection is made.
        scene.Pair.SourceOptions = scene.Pair.SourceOptions with { LocalAddresses = [IPAddress.Loopback, IPAddress.Parse(wrong)] };
        var (sent, _) = await scene.Pair.RunAsync();
        Assert.Contains(wrong, sent.Error!.Message, StringComparison.Ordinal);
        Assert.Contains(words, sent.Error.Message, StringComparison.Ordinal);
        Assert.Equal(3, FailureScene.ExitCode(sent));
        Assert.Empty(scene.Pair.SourceHost.Steps);
        Assert.False(scene.Pair.Dirty.Started);
        await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, MigrationErrorCode.CannotConnect, MigrationSide.Source, "connect");
    });

    [Fact]
    public async Task UnixDestination_HasNone()
    {
        using var memory = new GuardedMemory(1);
        using var dirty = new DataPlane.Core.Dirty.ExplicitDirtySource(memory.Memory);
        var source = new MigrationSource(memory.Memory, dirty, new IdleHost(), new MigrationOptions { LocalAddresses = [IPAddress.Loopback] });
        _ = await Assert.ThrowsAsync<ArgumentException>(() => source.RunAsync(ConnectionKinds.Address(ConnectionKind.Unix), default));
    }
}
