using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataPlane.Core.Wire;
using DataPlane.Guests;
using DataPlane.Host;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>The device state's description of itself: there when asked for, of the bytes that travelled, and never in the blackout.</summary>
[Collection("machine")]
public sealed class DeviceStateDescriptionTests
{
    private static readonly GuestOptions Small = new()
    {
        Kind = GuestKind.Synthetic, MemoryBytes = 4 << 20, DirtyBytesPerSecond = 0, WorkingSetBytes = 1 << 20, DeviceStateBytes = 5000, Seed = 7,
    };

    [Fact]
    public async Task AskedFor_EachSectionIsThereWithItsSumAndTheHostsWords()
    {
        var (sent, described) = await MigrateAsync(describes: true, (section, bytes) => new JsonObject { ["first-byte"] = bytes.Span[0] });
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        var sections = sent.DeviceStateDescription!;
        Assert.Equal(["synthetic-writer-0", "opaque"], sections.Select(section => section.Id));
        Assert.Equal(described.Select(each => each.Bytes.Length), sections.Select(section => (int)section.Size));
        Assert.Equal(described.Select(each => $"{Crc32c.Of(each.Bytes):x8}"), sections.Select(section => section.Crc32c));
        Assert.Equal(described.Select(each => (long)each.Bytes[0]), sections.Select(section => Number(section.Description!["first-byte"])));
        Assert.All(described, each => Assert.True(each.Runs, "a state was described while the guest stood still"));
        using var document = JsonDocument.Parse(sent.ToJson());
        Assert.Equal(5000, document.RootElement.GetProperty("device-state-description")[1].GetProperty("declared-size").GetInt64());
    }

    [Fact]
    public async Task NotAskedFor_NothingIsDescribed()
    {
        var (sent, described) = await MigrateAsync(describes: false, (_, _) => null);
        Assert.Null(sent.DeviceStateDescription);
        Assert.Empty(described);
    }

    [Fact]
    public async Task AHostThatCannotSay_ItsReasonStandsInTheResult_AndTheGuestHasMovedAllTheSame()
    {
        var (sent, _) = await MigrateAsync(describes: true, (_, _) => throw new InvalidDataException("no words for it"));
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.All(sent.DeviceStateDescription!, section => Assert.Equal("no words for it", section.Fault));
    }

    [Fact]
    public async Task AStateThatDoesNotLoad_IsDescribedWhenTheGuestRunsAgain()
    {
        var (sent, described) = await MigrateAsync(describes: true, (_, _) => null, loads: false);
        Assert.Equal(MigrationStatus.Failed, sent.Status);
        Assert.Equal(2, sent.DeviceStateDescription!.Count);
        Assert.All(described, each => Assert.True(each.Runs, "a state was described before the guest ran again"));
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task AGuestOfThisHouse_DescribesEverySectionThatItSaves(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        using var guest = Guest.CreateSource(Small with { Kind = kind, MemoryBytes = 16 << 20 });
        foreach (var section in guest.Sections)
        {
            var state = new ArrayBufferWriter<byte>();
            await guest.SaveAsync(section, state, CancellationToken.None);
            var words = ((IDeviceStateDescriber)guest).Describe(section, state.WrittenMemory)!.AsObject();
            if (section.Id == "opaque") Assert.Equal(7, Number(words["seed"]));
            else if (kind == GuestKind.Kvm) Assert.Equal(state.WrittenCount, words["parts"]!.AsArray().Max(part => Number(part!["offset"]) + Number(part["size"])));
            else Assert.Equal(4096, Number(words["pages"]));
        }
    }

    private static long Number(JsonNode? node) => long.Parse(node!.ToJsonString(), CultureInfo.InvariantCulture);

    private static async Task<(MigrationResult Sent, IReadOnlyList<(byte[] Bytes, bool Runs)> Described)> MigrateAsync(
        bool describes, Func<DeviceSection, ReadOnlyMemory<byte>, JsonNode?> words, bool loads = true)
    {
        using var from = Guest.CreateSource(Small);
        using var to = Guest.CreateDestination(Small);
        using var dirty = from.CreateDirtySource("auto");
        var described = new List<(byte[], bool)>();
        var host = new DescribingHost(from, (section, bytes) =>
        {
            described.Add((bytes.ToArray(), loads ? to.IsRunning : from.IsRunning));
            return words(section, bytes);
        });
        var arriving = new HookedHost(to);
        if (!loads) arriving.Before("load opaque", () => throw new InvalidDataException("not such a state"));
        using var listener = MigrationListener.Bind(MigrationAddress.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)));
        from.Start();
        var coming = new MigrationDestination(to.Memory, arriving, new MigrationDestinationOptions()).RunAsync(listener, CancellationToken.None);
        var options = new MigrationOptions { Channels = 2, DescribeDeviceState = describes };
        var sent = await new MigrationSource(from.Memory, dirty, host, options).RunAsync(listener.Address, CancellationToken.None);
        _ = await coming;
        return (sent, described);
    }

    /// <summary>A guest's host that has something to say.</summary>
    private sealed class DescribingHost(IGuest guest, Func<DeviceSection, ReadOnlyMemory<byte>, JsonNode?> words) : IMigrationHost, IDeviceStateDescriber
    {
        public IReadOnlyList<DeviceSection> Sections => guest.Sections;

        public JsonNode? Describe(DeviceSection section, ReadOnlyMemory<byte> state) => words(section, state);

        public ValueTask PauseAsync(CancellationToken cancel) => guest.PauseAsync(cancel);

        public ValueTask ResumeAsync(CancellationToken cancel) => guest.ResumeAsync(cancel);

        public ValueTask SaveAsync(DeviceSection section, IBufferWriter<byte> state, CancellationToken cancel) => guest.SaveAsync(section, state, cancel);

        public ValueTask LoadAsync(DeviceSection section, ReadOnlyMemory<byte> state, IMemoryMarks marks, CancellationToken cancel) =>
            guest.LoadAsync(section, state, marks, cancel);

        public ValueTask ReleaseAsync(CancellationToken cancel) => guest.ReleaseAsync(cancel);

        public ValueTask AcquireAsync(CancellationToken cancel) => guest.AcquireAsync(cancel);

        public ValueTask AnnounceAsync(CancellationToken cancel) => guest.AnnounceAsync(cancel);
    }
}
