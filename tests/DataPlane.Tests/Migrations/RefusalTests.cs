using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A destination that does not take the guest says why, with both sides' values, and the guest goes on.</summary>
[Collection("machine")]
public sealed class RefusalTests
{
    [Fact]
    public Task OtherMemory() => RefusedAsync(
        async scene =>
        {
            using var smaller = Guest.CreateDestination(GuestSizes.Busy(scene.Source.Kind) with { MemoryBytes = 32L << 20 });
            using var pair = new MigrationPair(scene.Source, smaller);
            return await pair.RunAsync();
        },
        MigrationErrorCode.LayoutMismatch, "'ram-low' of 67108864 bytes at 0x0", "'ram-low' of 33554432 bytes at 0x0");

    [Fact]
    public Task OtherVersionOfADevice() => RefusedAsync(
        scene =>
        {
            scene.Pair.DestinationHost = new HookedHost(scene.Destination)
            {
                Sections = [.. scene.Destination.Sections.Select(section => section with { Version = section.Id == "opaque" ? 2 : section.Version })],
            };
            return scene.Pair.RunAsync();
        },
        MigrationErrorCode.LayoutMismatch, "'opaque' version 1 on the source", "'opaque' version 2 on the destination");

    [Fact]
    public Task MissingDevice() => RefusedAsync(
        scene =>
        {
            scene.Pair.DestinationHost = new HookedHost(scene.Destination) { Sections = [.. scene.Destination.Sections.Skip(1)] };
            return scene.Pair.RunAsync();
        },
        MigrationErrorCode.LayoutMismatch, "The source has 3 device sections", "the destination has 2");

    [Fact]
    public Task MoreChannelsThanAllowed() => RefusedAsync(
        scene =>
        {
            scene.Pair.SourceOptions = scene.Pair.SourceOptions with { Channels = 4 };
            scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { MaxChannels = 3 };
            return scene.Pair.RunAsync();
        },
        MigrationErrorCode.Refused, "asks for 4 channels", "takes 1 to 3");

    [Fact]
    public Task MoreStateThanAllowed() => RefusedAsync(
        scene =>
        {
            scene.Pair.DestinationOptions = scene.Pair.DestinationOptions with { MaxDeviceStateBytes = 262143 };
            return scene.Pair.RunAsync();
        },
        MigrationErrorCode.Refused, "bytes of device state", "262143");

    [Fact]
    public Task BusyDestination() => FailureScene.PlayAsync(async scene =>
    {
        using var other = Guest.CreateSource(GuestSizes.Busy(scene.Source.Kind));
        using var idle = other.CreateDirtySource("auto");
        var underWay = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        using var relay = new CutRelay(scene.Pair.Listener.Address, 20 << 20, relay =>
        {
            relay.Stall();
            underWay.SetResult();
        });
        var first = scene.Pair.RunAsync(relay.Address, cancel.Token);
        await underWay.Task;
        var second = await new MigrationSource(other.Memory, idle, other, scene.Pair.SourceOptions).RunAsync(scene.Pair.Listener.Address, default);
        Assert.Equal((MigrationErrorCode.Refused, MigrationSide.Destination), (second.Error!.Code, second.Error.Side));
        Assert.Contains("busy", second.Error.PeerMessage, StringComparison.Ordinal);
        await cancel.CancelAsync();
        relay.Cut();
        var (sent, _) = await first;
        await scene.AssertGuestGoesOnAsync(
            sent, MigrationStatus.Cancelled, MigrationErrorCode.Cancelled, MigrationSide.Source, "pass", "fence");
    });

    [Fact]
    public async Task OtherProtocolVersions_AreNamedOnBothSides()
    {
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic));
        using var listener = MigrationListener.Bind(MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
        using var end = new CancellationTokenSource();
        var received = new MigrationDestination(destination.Memory, destination, new()).RunAsync(listener, end.Token);

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.Address.Host!, listener.Address.Port);
        await using var link = new ControlLink(socket, MigrationSide.Source, TimeProvider.System);
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Control, 0, 900, 901, Guid.NewGuid(), default).Write(preamble);
        await link.SendRawAsync(preamble, default);

        var answer = Assert.IsType<FailedMessage>(await link.ReceiveAsync(default));
        Assert.Equal(MigrationErrorCode.VersionMismatch, answer.Code);
        Assert.Contains("versions 900 to 901", answer.Message, StringComparison.Ordinal);
        Assert.Contains($"{ProtocolVersion.Oldest} to {ProtocolVersion.Newest}", answer.Message, StringComparison.Ordinal);
        Assert.False(received.IsCompleted);
        await end.CancelAsync();
        Assert.Equal(MigrationStatus.Cancelled, (await received).Status);
    }

    private static Task RefusedAsync(
        Func<FailureScene, Task<(MigrationResult Sent, MigrationResult Received)>> run, MigrationErrorCode code, params string[] values) =>
        FailureScene.PlayAsync(async scene =>
        {
            var (sent, _) = await run(scene);
            Assert.All(values, value => Assert.Contains(value, sent.Error!.PeerMessage, StringComparison.Ordinal));
            await scene.AssertGuestGoesOnAsync(sent, MigrationStatus.Failed, code, MigrationSide.Destination, "handshake");
        });
}
