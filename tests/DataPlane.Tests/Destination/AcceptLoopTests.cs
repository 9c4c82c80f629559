using System.Net.Sockets;
using DataPlane.Destination;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Destination;

/// <summary>What accept may fail with, none of which can be had from a kernel when a test wants it.</summary>
public sealed class AcceptLoopTests
{
    private readonly UnknownConnections _table = new(TimeProvider.System, 64);
    private readonly List<string> _lines = [];
    private readonly List<Socket> _met = [];

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.NetworkDown)]
    [InlineData(SocketError.SocketError)]
    public async Task Failure_is_said_once_and_the_next_connection_is_accepted(SocketError error)
    {
        await RunAsync(openFiles: null, Fails(error), Fails(error), Succeeds(), Fails(error), Succeeds());
        Assert.Equal(2, _met.Count);
        Assert.StartsWith("cannot accept a connection: ", Assert.Single(_lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketError.ConnectionAborted)]
    [InlineData(SocketError.ConnectionReset)]
    public async Task Connection_that_has_gone_is_nothing_to_speak_of(SocketError error)
    {
        await RunAsync(openFiles: null, Fails(error), Succeeds());
        Assert.Single(_met);
        Assert.Empty(_lines);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task Lack_takes_the_place_of_those_that_have_waited_longest(SocketError error)
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => _table.Add(Succeeds()(), TimeSpan.FromMinutes(1))).ToArray();
        await RunAsync(openFiles: null, Fails(error), Succeeds());
        Assert.Equal(waiting[..8], waiting.Where(peer => peer.EndedBecause == "Its descriptor was needed."));
        _table.EndAll();
    }

    [Fact]
    public async Task Descriptors_that_run_short_make_room_before_there_are_none()
    {
        var waiting = Enumerable.Range(0, 10).Select(_ => _table.Add(Succeeds()(), TimeSpan.FromMinutes(1))).ToArray();
        await RunAsync(openFiles: 1 << 20, Succeeds());
        Assert.All(waiting, peer => Assert.Null(peer.EndedBecause));
        await RunAsync(openFiles: 33, Succeeds()); // This process has more than one open.
        Assert.Equal(8, waiting.Count(peer => peer.EndedBecause == "Its descriptor was needed."));
        Assert.Empty(_lines);
        _table.EndAll();
    }

    /// <summary>Runs to the end of <paramref name="results"/>, where the listener is gone.</summary>
    private async Task RunAsync(long? openFiles, params Func<Socket>[] results)
    {
        var next = 0;
        var loop = new AcceptLoop(
            _ => ValueTask.FromResult(next < results.Length ? results[next++]() : throw new SocketException((int)SocketError.OperationAborted)),
            _table, openFiles, TimeProvider.System, _lines.Add);
        await Assert.ThrowsAsync<SocketException>(() => loop.RunAsync(_met.Add, CancellationToken.None));
        foreach (var socket in _met) socket.Dispose();
    }

    private static Func<Socket> Fails(SocketError error) => () => throw new SocketException((int)error);

    private static Func<Socket> Succeeds() => () =>
    {
        var (client, server) = SocketPair.Unix();
        client.Dispose();
        return server;
    };
}
