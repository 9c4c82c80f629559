using System.Buffers;
using DataPlane.Guests;
using DataPlane.Guests.Devices;
using Xunit;

namespace DataPlane.Tests.Guests;

/// <summary>The opaque device knows whether each byte of its state arrived.</summary>
public sealed class OpaqueDeviceTests
{
    private static readonly OpaqueDevice Other = new(new GuestOptions { Seed = 99 });

    private static async Task<byte[]> Save(long bytes, ulong seed = 4)
    {
        var state = new ArrayBufferWriter<byte>();
        var device = new OpaqueDevice(new GuestOptions { DeviceStateBytes = bytes, Seed = seed });
        await device.SaveAsync(state, default);
        Assert.Equal(device.Section.Size, state.WrittenCount);
        return state.WrittenSpan.ToArray();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(65_536)]
    [InlineData(200_003)]
    public async Task SavedState_Loads(long bytes) => await Other.LoadAsync(await Save(bytes), default);

    [Fact]
    public async Task OtherSeed_OtherState() => Assert.NotEqual((await Save(4096, 1))[24..], (await Save(4096, 2))[24..]);

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(70_000)]
    [InlineData(99_999)]
    public async Task OneBitChanged_IsRefused(int at)
    {
        var state = await Save(100_000);
        state[at] ^= 1;
        await Assert.ThrowsAsync<InvalidDataException>(async () => await Other.LoadAsync(state, default));
    }

    [Fact]
    public async Task Truncated_IsRefused()
    {
        var state = await Save(100_000);
        foreach (var length in new[] { 0, 23, 24, 99_999 })
            await Assert.ThrowsAsync<InvalidDataException>(async () => await Other.LoadAsync(state.AsMemory(0, length), default));
    }

    [Fact]
    public async Task Surprise_DelaysTheFirstSaveOnly_AndCanBeCancelled()
    {
        var device = new OpaqueDevice(new GuestOptions { DeviceStateBytes = 0, DeviceSurprise = TimeSpan.FromHours(1) });
        using var cancelled = new CancellationTokenSource();
        var first = device.SaveAsync(new ArrayBufferWriter<byte>(), cancelled.Token);
        Assert.False(first.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
        var second = device.SaveAsync(new ArrayBufferWriter<byte>(), default);
        Assert.True(second.IsCompletedSuccessfully);
        await second;
    }
}
