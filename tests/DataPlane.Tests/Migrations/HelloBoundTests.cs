using System.Diagnostics;
using System.Net.Sockets;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Tests.Core.Wire;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Control;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>What a peer can make the destination hold, and for how long, before it is known to be a source.</summary>
[Collection("machine")]
public sealed class HelloBoundTests
{
    /// <summary>The protocol allows messages of 2 MiB; of a stranger no more is taken than a source of this layout needs.</summary>
    [Fact]
    public async Task Hello_that_announces_more_than_any_source_of_this_layout_needs_is_refused_unread()
    {
        using var scene = new DoorScene();
        var bytes = new byte[Preamble.Size + ControlHeader.Size];
        new Preamble(ConnectionRole.Control, 0, 1, 1, DoorScene.Session, 0).Write(bytes);
        ControlHeader.Write(bytes.AsSpan(Preamble.Size), ControlMessageType.Hello, new byte[ControlHeader.MaxLength]);
        await using var link = new ControlLink(Caller.Say(scene.Address, bytes), MigrationSide.Source, TimeProvider.System);
        Assert.Contains("2097152 bytes where at most 16384", Assert.IsType<FailedMessage>(await link.ReceiveAsync(default)).Message, StringComparison.Ordinal);
        await link.DisposeAsync();
        Assert.Equal(1, (await scene.EndAsync()).RefusedConnections!.Garbage);
    }

    /// <summary>Each byte comes soon enough after the one before, and all of them too late.</summary>
    [Fact]
    public async Task Hello_that_drips_ends_with_the_handshake_timeout()
    {
        using var scene = new DoorScene(options => options with { HandshakeTimeout = TimeSpan.FromSeconds(1) });
        var preamble = new byte[Preamble.Size];
        new Preamble(ConnectionRole.Control, 0, 1, 1, DoorScene.Session, 0).Write(preamble);
        var watch = Stopwatch.StartNew();
        using var socket = Caller.Say(scene.Address, preamble);
        Drip(socket, ControlMessageSamples.Bytes(scene.Hello(2)));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(6));
        await scene.AwaitLogAsync("did not finish the handshake within 1 s");
        Assert.Equal(1, (await scene.EndAsync()).RefusedConnections!.Silent);
    }

    [Fact]
    public async Task Half_a_preamble_is_given_two_seconds()
    {
        using var scene = new DoorScene();
        var watch = Stopwatch.StartNew();
        using var socket = Caller.Say(scene.Address, new byte[Preamble.Size - 1]);
        Caller.AwaitClosed(socket);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(8));
        Assert.Equal(1, (await scene.EndAsync()).RefusedConnections!.Silent);
    }

    /// <summary>Both ends are in this process, so the bound is for the sum: a place in the table is given as 2 KiB.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(Preamble.Size - 1)]
    public async Task Stray_that_waits_holds_no_more_than_a_few_KiB(int bytes)
    {
        const int Strays = 400;
        using var scene = new DoorScene();
        Caller.SayAndBeRefused(scene.Address, new byte[100]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Socket[] strays = [.. Enumerable.Range(0, Strays).Select(_ => Caller.Say(scene.Address, new byte[bytes]))];
        Caller.SayAndBeRefused(scene.Address, new byte[100]); // The kernel hands out connections in their order: all strays before it are held by now.
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Strays;
        foreach (var stray in strays) stray.Dispose();
        Assert.InRange(each, 0, 8 << 10);
        Assert.Equal(Strays + 2, (await scene.EndAsync()).RefusedConnections!.Total);
    }

    private static void Drip(Socket socket, byte[] bytes)
    {
        try
        {
            for (var i = 0; ; i = Math.Min(i + 1, bytes.Length - 1))
            {
                _ = socket.Send(bytes, i, 1, SocketFlags.None);
                if (socket.Poll(TimeSpan.FromMilliseconds(40), SelectMode.SelectRead)) break;
            }
        }
        catch (SocketException)
        {
            // The other side has closed, which is what was waited for.
        }
    }
}
