using DataPlane.Guests;
using DataPlane.Options;
using DataPlane.Results;
using DataPlane.Sessions;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Migrations;

/// <summary>A guest that writes all the time moves, and every page of it is compared when it is about to go on.</summary>
[Collection("machine")]
public sealed class WholeMigrationTests
{
    [SkippableTheory]
    [InlineData(GuestKind.Kvm, 1)]
    [InlineData(GuestKind.Kvm, 2)]
    [InlineData(GuestKind.Kvm, 8)]
    [InlineData(GuestKind.Synthetic, 1)]
    [InlineData(GuestKind.Synthetic, 2)]
    [InlineData(GuestKind.Synthetic, 8)]
    public async Task BusyGuest_MovesWhole_AndGoesOn(GuestKind kind, int channels)
    {
        NeedsKvm.OrSkip(kind);
        for (var round = 0; round < TestSet.Times(1); round++)
        {
            using var source = Guest.CreateSource(GuestSizes.Busy(kind) with { Seed = (ulong)round });
            using var destination = Guest.CreateDestination(GuestSizes.Busy(kind) with { Poison = true });
            using var pair = new MigrationPair(source, destination);
            pair.SourceOptions = pair.SourceOptions with { Channels = channels };
            List<(int, long)>? different = null;
            long writtenAtHandover = 0;
            var stood = false;
            pair.DestinationHost.Before("resume", () =>
            {
                stood = !source.IsRunning;
                writtenAtHandover = source.WriteCount;
                different = MemoryComparer.Differences(source.Memory, destination.Memory);
            });

            source.Start();
            GuestProgress.Await(source, 1000);
            var writtenBefore = source.WriteCount;
            var (sent, received) = await pair.RunAsync();

            Assert.Null(sent.Error);
            Assert.Equal(MigrationStatus.Completed, sent.Status);
            Assert.Equal(MigrationStatus.Completed, received.Status);
            Assert.True(stood, "The guest ran on the source when the destination was told to resume it.");
            Assert.Empty(different!);
            Assert.True(writtenAtHandover > writtenBefore, "The guest wrote nothing while it moved.");
            Assert.Contains(sent.Passes.Skip(1), pass => pass.DirtyPages > 0);
            ResultChecks.Completed(sent, source.Memory, channels);

            Assert.True(destination.IsRunning);
            GuestProgress.Await(destination, 1000);
            await destination.PauseAsync(default);
            Assert.True(source.CheckInvariant() is { Holds: true } here && here.WriteCount == writtenAtHandover);
            var there = destination.CheckInvariant();
            Assert.True(there.Holds, there.ToString());
            Assert.True(there.WriteCount >= writtenAtHandover + 1000);
            AssertSteps(pair);
        }
    }

    [SkippableTheory]
    [InlineData(GuestKind.Kvm, PageCompression.Lz4)]
    [InlineData(GuestKind.Synthetic, PageCompression.Lz4)]
    [InlineData(GuestKind.Synthetic, PageCompression.Zstd)]
    public async Task BusyGuest_MovesWhole_Compressed(GuestKind kind, PageCompression compression)
    {
        NeedsKvm.OrSkip(kind);
        var missing = PageFeatures.WhyMissing(PageFeatures.Required(compression));
        Skip.If(missing is not null, missing);
        using var source = Guest.CreateSource(GuestSizes.Busy(kind) with { Fill = MemoryFill.Text });
        using var destination = Guest.CreateDestination(GuestSizes.Busy(kind) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        pair.SourceOptions = pair.SourceOptions with { Compression = compression };
        List<(int, long)>? different = null;
        pair.DestinationHost.Before("resume", () => different = MemoryComparer.Differences(source.Memory, destination.Memory));
        source.Start();
        GuestProgress.Await(source, 1000);
        var (sent, _) = await pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Empty(different!);
        Assert.InRange(sent.Ram!.CompressedBytes!.Value, 1, sent.Ram.NormalBytes / 2);
        Assert.True(sent.Ram.Transferred < sent.Ram.NormalBytes);
    }

    [Fact]
    public async Task BusyGuest_MovesWhole_WithACodecChosenAsItGoes()
    {
        using var source = Guest.CreateSource(GuestSizes.Busy(GuestKind.Synthetic) with { Fill = MemoryFill.Text });
        using var destination = Guest.CreateDestination(GuestSizes.Busy(GuestKind.Synthetic) with { Poison = true });
        using var pair = new MigrationPair(source, destination);
        pair.SourceOptions = pair.SourceOptions with { Compression = PageCompression.Auto };
        List<(int, long)>? different = null;
        pair.DestinationHost.Before("resume", () => different = MemoryComparer.Differences(source.Memory, destination.Memory));
        source.Start();
        GuestProgress.Await(source, 1000);
        var (sent, _) = await pair.RunAsync();
        Assert.Null(sent.Error);
        Assert.Empty(different!);
        var report = sent.Compression!;
        Assert.Equal("auto", report.Mode);
        Assert.Equal(sent.Ram!.Normal, report.Codecs.Sum(codec => codec.Pages));
        Assert.Equal(sent.Ram.CompressedBytes, report.Codecs.Where(codec => codec.Codec != "none").Sum(codec => codec.Bytes));
        Assert.All(report.Available, name => Assert.True(report.Codecs.Single(codec => codec.Codec == name).Pages > 0, $"{name} was not even tried."));
        Assert.Equal(report.Available.Count == 2, report.Missing is null);
        Assert.Contains("of 2 channels", report.Reason, StringComparison.Ordinal);
    }

    private static void AssertSteps(MigrationPair pair)
    {
        var ids = pair.SourceHost.Sections.Select(section => section.Id).ToArray();
        Assert.Equal(["pause", .. ids.Select(id => $"save {id}"), "release"], pair.SourceHost.Steps);
        Assert.Equal([.. ids.Select(id => $"load {id}"), "acquire", "resume", "announce"], pair.DestinationHost.Steps);
        Assert.False(pair.SourceHost.Overlapped || pair.DestinationHost.Overlapped);
    }
}
