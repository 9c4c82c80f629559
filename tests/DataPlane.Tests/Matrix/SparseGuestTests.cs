using System.Globalization;
using DataPlane.Core.Memory;
using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Tests.Kit;
using DataPlane.Tests.Migrations;
using Xunit;
using Xunit.Abstractions;

namespace DataPlane.Tests.Matrix;

/// <summary>A large guest that holds little: what is a hole on one side is never read nor written, and is a hole on the other.</summary>
[Collection("machine")]
public sealed class SparseGuestTests(ITestOutputHelper output)
{
    /// <summary>For the KVM guest's own 2 MiB, and what the kernel allocates beside pages.</summary>
    private const long Slack = 4L << 20;

    /// <summary>8 GiB in two blocks, the last stripe a short one.</summary>
    private const long Bytes = (8L << 30) - (5 << 12);

    [SkippableTheory]
    [InlineData(GuestKind.Kvm, "protect")]
    [InlineData(GuestKind.Synthetic, "uffd")]
    public async Task SparseGuestOf8GiB_MovesWhole_AndTakesNoMoreThanItsData(GuestKind kind, string dirtySource)
    {
        NeedsDirtySource.OrSkip(kind, dirtySource);
        var options = new GuestOptions
        {
            Kind = kind,
            MemoryBytes = Bytes,
            Fill = MemoryFill.Zero,
            DirtyBytesPerSecond = 32 << 20,
            WorkingSetBytes = 4 << 20,
            DeviceStateBytes = 0,
            DirtySource = dirtySource,
            Seed = 5,
        };
        var residentBefore = SharedMemoryOfThisProcess();
        using var source = Guest.CreateSource(options);
        using var destination = Guest.CreateDestination(options);
        var data = SparseData.Write(source.Memory) * PageGeometry.PageSize;
        using var pair = new MigrationPair(
            source.Memory, source.CreateDirtySource(dirtySource), new HookedHost(source), destination.Memory, new HookedHost(destination));
        pair.DestinationOptions = new MigrationDestinationOptions { Memory = DestinationMemory.Fresh };
        List<(int, long)>? different = null;
        long sourceBytes = 0, destinationBytes = 0, resident = 0, written = 0;
        pair.DestinationHost.Before("resume", () =>
        {
            (sourceBytes, destinationBytes) = (FileBlocks.BytesOf(source.Memory), FileBlocks.BytesOf(destination.Memory));
            (resident, written) = (SharedMemoryOfThisProcess() - residentBefore, source.WriteCount * PageGeometry.PageSize);
            different = MemoryComparer.Differences(source.Memory, destination.Memory);
        });
        source.Start();
        GuestProgress.Await(source, 1000);

        var (sent, _) = await pair.RunAsync();

        Assert.Null(sent.Error);
        Assert.Equal(2, source.Memory.Blocks.Count);
        Assert.InRange(data, 200L << 20, 600L << 20);
        Assert.Empty(different!);
        Assert.Equal(0, SparseData.Missing(destination.Memory));
        ResultChecks.Completed(sent, source.Memory, 2);
        output.WriteLine($"data {data >> 20} MiB, written {written >> 20}; allocated {sourceBytes >> 20} and {destinationBytes >> 20} MiB, resident {resident >> 20} MiB");
        // A write of the guest fills one page at most.
        Assert.InRange(sourceBytes, data, data + written + Slack);
        Assert.InRange(destinationBytes, data, sourceBytes);
        Assert.InRange(resident, 0, sourceBytes + destinationBytes + Slack);
        GuestProgress.Await(destination, 100);
        await destination.PauseAsync(default);
        Assert.True(destination.CheckInvariant().Holds);
    }

    /// <summary>Pages of memory files that are in this process's page tables.</summary>
    private static long SharedMemoryOfThisProcess() =>
        long.Parse(
            File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssShmem:", StringComparison.Ordinal))[9..^2].Trim(),
            CultureInfo.InvariantCulture) << 10;
}
