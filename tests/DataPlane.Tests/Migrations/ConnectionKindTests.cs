using System.Net.Sockets;
using DataPlane.Guests;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A busy guest moves over every kind of connection, found by its address or handed in, and every page is compared.</summary>
[Collection("machine")]
public sealed class ConnectionKindTests
{
    [SkippableTheory]
    [InlineData(ConnectionKind.Tcp6)]
    [InlineData(ConnectionKind.Unix)]
    public async Task BusyGuest_MovesWhole_ToAnAddress(ConnectionKind kind)
    {
        using var guests = new Guests(ConnectionKinds.Address(kind));
        guests.AssertMoved(await guests.Pair.RunAsync(), kind);
    }

    [SkippableTheory]
    [InlineData(ConnectionKind.Tcp4)]
    [InlineData(ConnectionKind.Tcp6)]
    [InlineData(ConnectionKind.Unix)]
    [InlineData(ConnectionKind.Pair)]
    public async Task BusyGuest_MovesWhole_OverSocketsThatAreHandedIn(ConnectionKind kind)
    {
        var sockets = Enumerable.Range(0, 4).Select(_ => ConnectionKinds.Sockets(kind)).ToArray();
        using var guests = new Guests(null);
        guests.Pair.SourceOptions = guests.Pair.SourceOptions with { Channels = null };
        Socket[] there = [.. sockets.Select(pair => pair.Server).Reverse()]; // In any order: the source says which is which.
        var results = await guests.Pair.RunOverAsync([.. sockets.Select(pair => pair.Client)], there);
        guests.AssertMoved(results, kind, channels: 3);
        Assert.All(sockets, pair => Assert.True(pair.Client.SafeHandle.IsClosed && pair.Server.SafeHandle.IsClosed));
    }

    private sealed class Guests : IDisposable
    {
        private readonly IGuest _source = Guest.CreateSource(GuestSizes.Busy(FailureScene.AnyKind));
        private readonly IGuest _destination = Guest.CreateDestination(GuestSizes.Busy(FailureScene.AnyKind) with { Poison = true });
        private List<(int, long)>? _different;

        public Guests(MigrationAddress? listen)
        {
            Pair = new MigrationPair(_source, _destination, listen);
            Pair.DestinationHost.Before("resume", () => _different = MemoryComparer.Differences(_source.Memory, _destination.Memory));
            _source.Start();
            GuestProgress.Await(_source, 1000);
        }

        public MigrationPair Pair { get; }

        public void AssertMoved((MigrationResult Sent, MigrationResult Received) results, ConnectionKind kind, int channels = 2)
        {
            Assert.Null(results.Sent.Error);
            Assert.Equal((MigrationStatus.Completed, MigrationStatus.Completed), (results.Sent.Status, results.Received.Status));
            Assert.Empty(_different!);
            ResultChecks.Completed(results.Sent, _source.Memory, channels);
            Assert.All(results.Sent.Channels, channel => Assert.Equal(kind.IsTcp(), channel.Retransmits is not null));
            GuestProgress.Await(_destination, 1000);
        }

        public void Dispose()
        {
            Pair.Dispose();
            _source.Dispose();
            _destination.Dispose();
        }
    }
}
