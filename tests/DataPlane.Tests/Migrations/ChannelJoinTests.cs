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

/// <summary>A channel joins with its MAC, once; whatever else comes is refused, counted by its kind, and changes nothing.</summary>
[Collection("machine")]
public sealed class ChannelJoinTests
{
    private const int Channels = 3;

    [Fact]
    public async Task Channels_without_the_right_mac_number_and_turn_are_refused_before_and_after_all_have_joined()
    {
        using var scene = new DoorScene();
        await using var link = await scene.ConnectAsync(Channels);
        var key = (await DoorScene.OpenAsync(link)).Key;
        RefuseAll(scene, key);
        byte[][] good = [.. Enumerable.Range(0, Channels).Select(channel => Bytes(Preamble.ForChannel((ushort)channel, 1, DoorScene.Session, key)))];
        Socket[] joined = [.. good.Select(preamble => Caller.Say(scene.Address, preamble))];
        _ = Assert.IsType<ReadyMessage>(await link.ReceiveAsync(default));
        RefuseAll(scene, key);
        foreach (var preamble in good) Caller.SayAndBeRefused(scene.Address, preamble);
        await link.SendAsync(new PingMessage(5), default);
        _ = Assert.IsType<PongMessage>(await link.ReceiveAsync(default)); // The session is as well as before.
        foreach (var socket in joined) socket.Dispose();

        var refused = (await scene.EndAsync()).RefusedConnections!;
        // Each of the strays comes twice.
        Assert.Equal((14, 2, 4), (refused.BadMac, refused.OtherSession, refused.OutOfRange));
        Assert.Equal(Channels, refused.Replayed);
        Assert.Equal((0, 0, 0, 0), (refused.Silent, refused.Garbage, refused.Busy, refused.Unfit));
        Assert.Equal(14 + 2 + 4 + Channels, refused.Total);
    }

    [Fact]
    public async Task Second_source_is_told_that_the_first_is_served_without_its_hello_being_awaited()
    {
        using var scene = new DoorScene();
        await using var first = await scene.ConnectAsync(Channels);
        _ = Assert.IsType<AcceptMessage>(await first.ReceiveAsync(default));
        await using var second = new ControlLink(
            Caller.Say(scene.Address, Bytes(new Preamble(ConnectionRole.Control, 0, 1, 1, Guid.NewGuid(), 0))), MigrationSide.Source, TimeProvider.System);
        Assert.Contains("busy", Assert.IsType<FailedMessage>(await second.ReceiveAsync(default)).Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await second.DisposeAsync();
        await scene.AwaitLogAsync("is busy");
        var refused = (await scene.EndAsync()).RefusedConnections!;
        Assert.Equal((1, 1, 2), (refused.Busy, refused.Unfit, refused.Total)); // Unfit: the first, which has gone.
    }

    /// <summary>All connections of a migration said once more, while it runs and during the next one.</summary>
    [Fact]
    public async Task Replays_of_this_migration_and_of_an_older_one_are_refused_and_it_goes_on()
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic));
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        await using var relay = new RecordingRelay(pair.Listener.Address);
        pair.SourceHost.Before("pause", () => Replay(pair, relay));
        source.Start();
        var (sent, received) = await pair.RunAsync(relay.Address);
        AssertMoved(sent);
        Assert.Null(sent.RefusedConnections);
        Assert.Equal((2, 1, 3), (received.RefusedConnections!.Replayed, received.RefusedConnections.Busy, received.RefusedConnections.Total));

        using var back = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic) with { Poison = true });
        using var again = new MigrationPair(destination, back);
        again.SourceHost.Before("pause", () => Replay(again, relay));
        (sent, received) = await again.RunAsync();
        AssertMoved(sent);
        Assert.Equal((2, 1, 3), (received.RefusedConnections!.OtherSession, received.RefusedConnections.Busy, received.RefusedConnections.Total));
    }

    /// <summary>A recorded control connection opens a session when none is there; when it goes, the source gets in.</summary>
    [Fact]
    public async Task Replayed_hello_before_the_source_comes_leaves_room_for_it_when_it_goes()
    {
        using var scene = new DoorScene();
        await using (var stray = await scene.ConnectAsync(Channels))
        {
            _ = Assert.IsType<AcceptMessage>(await stray.ReceiveAsync(default));
            _ = Assert.IsType<HandoverMessage>(await stray.ReceiveAsync(default)); // A socket closed with bytes unread is reset, not closed.
        }
        await scene.AwaitLogAsync("closed the control connection");
        await using var source = await scene.ConnectAsync(Channels);
        _ = Assert.IsType<AcceptMessage>(await source.ReceiveAsync(default));
        await source.DisposeAsync();
        Assert.Equal(2, (await scene.EndAsync()).RefusedConnections!.Unfit);
    }

    private static void RefuseAll(DoorScene scene, JoinKey key)
    {
        var good = Preamble.ForChannel(0, 1, DoorScene.Session, key);
        Preamble[] strays =
        [
            good with { Mac = 0 },
            good with { Mac = good.Mac ^ 1 },
            good with { Channel = 1 },
            good with { Channel = Channels },
            good with { OldestVersion = 0 },
            Preamble.ForChannel(0, 1, DoorScene.Session, key with { Secret = Guid.NewGuid() }),
            Preamble.ForChannel(0, 1, DoorScene.Session, key with { Nonce = Guid.NewGuid() }),
            Preamble.ForChannel(0, 1, Guid.NewGuid(), key),
            Preamble.ForChannel(Channels, 1, DoorScene.Session, key),
            Preamble.ForChannel(1, 2, DoorScene.Session, key),
        ];
        foreach (var preamble in strays) Caller.SayAndBeRefused(scene.Address, Bytes(preamble));
    }

    private static void Replay(MigrationPair pair, RecordingRelay relay)
    {
        foreach (var preamble in relay.Channels) Caller.SayAndBeRefused(pair.Listener.Address, preamble);
        Caller.SayAndBeRefused(pair.Listener.Address, relay.Control);
    }

    private static void AssertMoved(MigrationResult sent)
    {
        Assert.Null(sent.Error);
        Assert.Equal((MigrationStatus.Completed, 0), (sent.Status, sent.Verify!.Mismatched));
    }

    private static byte[] Bytes(Preamble preamble)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        return bytes;
    }
}
