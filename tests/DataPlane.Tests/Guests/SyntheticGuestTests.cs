using DataPlane.Core.Dirty;
using DataPlane.Guests;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>The synthetic guest's marks against ground truth.</summary>
[Collection("machine")]
public sealed class SyntheticGuestTests
{
    [Theory]
    [InlineData(DirtyPattern.Uniform)]
    [InlineData(DirtyPattern.Sequential)]
    [InlineData(DirtyPattern.HotCold)]
    [InlineData(DirtyPattern.Zipf)]
    [InlineData(DirtyPattern.Burst)]
    public async Task WritesAllTheWhile_NoPageIsMissed(DirtyPattern pattern)
    {
        using var guest = Guest.CreateSource(new GuestOptions
        {
            Kind = GuestKind.Synthetic, MemoryBytes = 64L << 20, Vcpus = 2, Pattern = pattern, DirtyBytesPerSecond = 1L << 30, Seed = 2,
        });
        using var shadow = new ShadowMemory(guest.Memory);
        using var marked = new DirtyBitmap(guest.Memory);
        using var source = guest.CreateDirtySource("auto");
        guest.Start();
        source.Start();
        marked.SetAll();
        for (var pass = 0; pass < 20; pass++)
        {
            shadow.CopyMarked(marked, source);
            source.Sync(marked);
        }
        await guest.PauseAsync(default);
        source.Sync(marked);
        shadow.CopyMarked(marked, source: null);
        Assert.Empty(shadow.Differences());
        Assert.True(guest.CheckInvariant().Holds);
    }

    [Fact]
    public void SourceOfOneMigrationDisposed_GuestGoesOn()
    {
        using var guest = Guest.CreateSource(new GuestOptions { Kind = GuestKind.Synthetic, MemoryBytes = 4L << 20 });
        guest.Start();
        guest.CreateDirtySource("explicit").Dispose();
        GuestProgress.Await(guest, 1000);
        using var marked = new DirtyBitmap(guest.Memory);
        using var second = guest.CreateDirtySource("explicit");
        Assert.True(second.Sync(marked) > 0);
    }
}
