using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>What guest memory holds before the guest runs.</summary>
[Collection("machine")]
public sealed class GuestMemoryContentsTests
{
    private const int Pages = 2048;

    private static GuestOptions Options(MemoryFill fill) => new()
    {
        Kind = GuestKind.Synthetic, MemoryBytes = (long)Pages << 12, Fill = fill, DeviceStateBytes = 0,
    };

    private static unsafe ReadOnlySpan<byte> Page(IGuest guest, int page) =>
        new((byte*)guest.Memory.Blocks[0].Info.HostAddress + ((long)page << 12), 4096);

    private static int ZeroPages(IGuest guest)
    {
        var zero = 0;
        for (var page = 0; page < Pages; page++)
            zero += Page(guest, page).ContainsAnyExcept((byte)0) ? 0 : 1;
        return zero;
    }

    [Theory]
    [InlineData(MemoryFill.Zero, Pages, Pages)]
    [InlineData(MemoryFill.Random, 0, 0)]
    [InlineData(MemoryFill.Text, 0, 0)]
    [InlineData(MemoryFill.Mixed, Pages / 8, Pages * 3 / 8)]
    public void Fill_HoldsWhatItSays(MemoryFill fill, int fewestZeroPages, int mostZeroPages)
    {
        using var guest = Guest.CreateSource(Options(fill));
        Assert.InRange(ZeroPages(guest), fewestZeroPages, mostZeroPages);
        Assert.True(guest.CheckInvariant().Holds);
    }

    [Fact]
    public void SameSeed_SameMemory()
    {
        using var one = Guest.CreateSource(Options(MemoryFill.Mixed));
        using var two = Guest.CreateSource(Options(MemoryFill.Mixed));
        for (var page = 0; page < Pages; page++)
            Assert.True(Page(one, page).SequenceEqual(Page(two, page)));
    }

    [Fact]
    public void Poison_LeavesNoByteZero()
    {
        using var guest = Guest.CreateDestination(Options(MemoryFill.Zero) with { Poison = true });
        for (var page = 0; page < Pages; page++)
            Assert.False(Page(guest, page).Contains((byte)0));
    }

    [Fact]
    public void MemoryFile_IsKept_AndFilledAnew()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (Guest.CreateSource(Options(MemoryFill.Random) with { MemoryFile = path }))
                Assert.Equal((long)Pages << 12, new FileInfo(path).Length);
            using (var kept = Guest.CreateDestination(Options(MemoryFill.Zero) with { MemoryFile = path }))
                Assert.Equal(0, ZeroPages(kept));
            using var again = Guest.CreateSource(Options(MemoryFill.Zero) with { MemoryFile = path });
            Assert.Equal(Pages, ZeroPages(again));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
