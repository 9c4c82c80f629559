using DataPlane.Guests;
using Xunit;

namespace DataPlane.Tests.Guests;

public sealed class GuestOptionsTests
{
    [Theory]
    [InlineData(GuestKind.Kvm)]
    [InlineData(GuestKind.Synthetic)]
    public void Defaults_AreGood(GuestKind kind) => Assert.Empty(new GuestOptions { Kind = kind }.Validate());

    [Fact]
    public void EveryFault_IsNamedAtOnce()
    {
        var options = new GuestOptions
        {
            MemoryBytes = 5000,
            Vcpus = 65,
            DirtyBytesPerSecond = -1,
            WorkingSetBytes = 1,
            DeviceStateBytes = -1,
            DeviceSaveTime = TimeSpan.FromSeconds(-1),
            Pattern = (DirtyPattern)9,
            Fill = (MemoryFill)9,
        };
        var faults = options.Validate();
        Assert.Equal(8, faults.Count);
        var thrown = Assert.Throws<ArgumentException>(() => Guest.CreateSource(options));
        Assert.All(faults, fault => Assert.Contains(fault, thrown.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void KvmGuest_HasRoomForItsOwnThings()
    {
        Assert.NotEmpty(new GuestOptions { MemoryBytes = 2L << 20 }.Validate());
        Assert.Empty(new GuestOptions { MemoryBytes = 4L << 20 }.Validate());
        Assert.NotEmpty(new GuestOptions { MemoryBytes = 1L << 40 }.Validate());
    }

    [Fact]
    public void SyntheticGuest_NeedsAPagePerWriter()
    {
        Assert.Empty(new GuestOptions { Kind = GuestKind.Synthetic, MemoryBytes = 4096 }.Validate());
        Assert.NotEmpty(new GuestOptions { Kind = GuestKind.Synthetic, MemoryBytes = 4096, Vcpus = 2 }.Validate());
    }
}
