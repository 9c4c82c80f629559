using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>Memory that is not one round piece: the smallest there is, and blocks on both sides of the hole of a PC.</summary>
[Collection("machine")]
public sealed class MemoryLayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task BlockOfOnePage_Moves(int channels)
    {
        var options = new GuestOptions
        {
            Kind = GuestKind.Synthetic, MemoryBytes = 4096, WorkingSetBytes = 4096, DeviceStateBytes = 0, DirtyBytesPerSecond = 4 << 20, Seed = 3,
        };
        using var source = Guest.CreateSource(options);
        using var destination = Guest.CreateDestination(options with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        pair.SourceOptions = pair.SourceOptions with { Channels = channels };
        List<(int, long)>? different = null;
        pair.DestinationHost.Before("resume", () => different = MemoryComparer.Differences(source.Memory, destination.Memory));
        source.Start();
        GuestProgress.Await(source, 100);

        var (sent, _) = await pair.RunAsync();

        Assert.Null(sent.Error);
        Assert.Empty(different!);
        ResultChecks.Completed(sent, source.Memory, channels);
        GuestProgress.Await(destination, 100);
        await destination.PauseAsync(default);
        Assert.True(destination.CheckInvariant().Holds);
    }

    /// <summary>
    /// 1.5 GiB beyond the hole, of which the guest fills next to nothing: it must not become more on the way, on either side.
    /// </summary>
    [SkippableTheory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public async Task SparseBlocksAroundTheHole_Move_AndStaySparse(GuestKind kind)
    {
        NeedsKvm.OrSkip(kind);
        var options = new GuestOptions
        {
            Kind = kind,
            MemoryBytes = (3L << 30) + (6L << 28) - (5 << 12), // The last stripe is a short one.
            Fill = MemoryFill.Zero,
            Pattern = DirtyPattern.Uniform,
            DirtyBytesPerSecond = 8 << 20,
            DeviceStateBytes = 0,
            Seed = 5,
        };
        using var source = Guest.CreateSource(options);
        using var destination = Guest.CreateDestination(options);
        using var pair = new MigrationPair(source, destination);
        pair.DestinationOptions = new MigrationDestinationOptions { Memory = DestinationMemory.Fresh };
        List<(int, long)>? different = null;
        long sourceBytes = 0, destinationBytes = 0, written = 0;
        pair.DestinationHost.Before("resume", () =>
        {
            (sourceBytes, destinationBytes, written) = (FileBlocks.BytesOf(source.Memory), FileBlocks.BytesOf(destination.Memory), source.WriteCount);
            different = MemoryComparer.Differences(source.Memory, destination.Memory);
        });
        source.Start();
        GuestProgress.Await(source, 2000);

        var (sent, _) = await pair.RunAsync();

        Assert.Null(sent.Error);
        Assert.Equal(MigrationStatus.Completed, sent.Status);
        Assert.Equal(2, source.Memory.Blocks.Count);
        Assert.Empty(different!);
        ResultChecks.Completed(sent, source.Memory, 2);
        // Each write fills a page at most, and 2 MiB are a KVM guest's own.
        Assert.InRange(sourceBytes, 1, (written * 4096) + (3 << 20));
        Assert.InRange(destinationBytes, 1, (written * 4096) + (3 << 20));
        GuestProgress.Await(destination, 100);
        await destination.PauseAsync(default);
        Assert.True(destination.CheckInvariant().Holds);
    }
}
