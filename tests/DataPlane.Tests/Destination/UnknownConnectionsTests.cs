using System.Net.Sockets;
using DataPlane.Destination;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Destination;

/// <summary>Who has to go when the table is full, and when.</summary>
public sealed class UnknownConnectionsTests : IDisposable
{
    private const int Capacity = 64;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();
    private readonly UnknownConnections _table;
    private readonly List<Socket> _clients = [];

    public UnknownConnectionsTests() => _table = new UnknownConnections(_time, Capacity);

    [Fact]
    public async Task Full_table_gives_the_oldest_silent_one_its_grace_and_then_ends_it_alone()
    {
        var peers = Enumerable.Range(0, Capacity).Select(_ => Add()).ToArray();
        _table.Introduce(peers[0], Long);
        _time.Advance(UnknownConnections.Grace - TimeSpan.FromTicks(1));
        var room = _table.MakeRoomAsync(default).AsTask();
        Assert.Null(peers[1].EndedBecause);
        _time.Advance(TimeSpan.FromTicks(1));
        await room;
        Assert.Equal("It made room for others.", peers[1].EndedBecause);
        Assert.Single(peers, peer => peer.EndedBecause is not null);
        Assert.True(_table.TryRelease(peers[0]));
        Assert.False(_table.TryRelease(peers[1]));
    }

    [Fact]
    public async Task Full_table_of_sources_loses_the_oldest()
    {
        var peers = Enumerable.Range(0, Capacity).Select(_ => Add()).ToArray();
        foreach (var peer in peers) _table.Introduce(peer, Long);
        _time.Advance(UnknownConnections.Grace);
        await _table.MakeRoomAsync(default);
        Assert.Equal([peers[0]], peers.Where(peer => peer.EndedBecause is not null));
    }

    [Fact]
    public async Task One_that_leaves_makes_room_before_anyone_is_ended()
    {
        var peers = Enumerable.Range(0, Capacity).Select(_ => Add()).ToArray();
        var room = _table.MakeRoomAsync(default);
        Assert.True(_table.TryRelease(peers[^1]));
        await room;
        Assert.All(peers, peer => Assert.Null(peer.EndedBecause));
    }

    [Fact]
    public async Task Lack_of_descriptors_ends_the_eight_oldest_at_once_and_keeps_to_the_rest_for_ten_seconds()
    {
        Assert.False(_table.TryShrink());
        _time.Advance(TimeSpan.FromSeconds(10));
        var peers = Enumerable.Range(0, 20).Select(_ => Add()).ToArray();
        _table.Introduce(peers[0], Long);
        Assert.True(_table.TryShrink());
        Assert.Equal(peers[1..9], peers.Where(peer => peer.EndedBecause is not null));
        _time.Advance(UnknownConnections.Grace);
        await _table.MakeRoomAsync(default); // Twelve are the most now.
        Assert.NotNull(peers[9].EndedBecause);
        _ = Add();
        _time.Advance(TimeSpan.FromSeconds(10));
        await _table.MakeRoomAsync(default);
        Assert.Null(peers[10].EndedBecause);
    }

    [Fact]
    public void Lack_of_descriptors_leaves_one_place()
    {
        var (first, second) = (Add(), Add());
        Assert.True(_table.TryShrink());
        Assert.NotNull(first.EndedBecause);
        Assert.False(_table.TryShrink());
        Assert.Null(second.EndedBecause);
    }

    [Fact]
    public async Task Whose_time_is_over_is_ended_and_the_reads_of_it_fail()
    {
        using var stop = new CancellationTokenSource();
        var watching = _table.WatchAsync(stop.Token);
        var (slow, patient) = (Add(TimeSpan.FromMilliseconds(200)), Add());
        var reading = slow.ReadPreambleAsync().AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("It did not introduce itself within 0.2 s.", slow.EndedBecause);
        Assert.Null(patient.EndedBecause);
        await stop.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Waiting_for_room_ends_with_the_destination_and_so_does_whoever_comes_late()
    {
        var peers = Enumerable.Range(0, Capacity).Select(_ => Add()).ToArray();
        using var stop = new CancellationTokenSource();
        var room = _table.MakeRoomAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room);
        _table.EndAll();
        Assert.All(peers, peer => Assert.NotNull(peer.EndedBecause));
        Assert.NotNull(Add().EndedBecause);
    }

    [Theory]
    [InlineData(null, 128)]
    [InlineData(10L, 16)]
    [InlineData(200L, 50)]
    [InlineData(1024L, 256)]
    [InlineData(1L << 20, 512)]
    [InlineData(long.MaxValue, 512)]
    public void Table_takes_a_quarter_of_the_descriptors_and_512_at_most(long? openFiles, int places) =>
        Assert.Equal(places, UnknownConnections.CapacityFor(openFiles));

    public void Dispose()
    {
        _table.EndAll();
        foreach (var client in _clients) client.Dispose();
    }

    private UnknownConnection Add(TimeSpan? allowed = null)
    {
        var (client, server) = SocketPair.Unix();
        _clients.Add(client);
        return _table.Add(server, allowed ?? Long);
    }
}
