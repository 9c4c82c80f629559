using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

/// <summary>What a stream costs: no managed memory per frame, and no page of a sparse file.</summary>
[Collection("machine")]
public sealed class SteadyStreamTests
{
    // The end of a pass wakes the control loop, which costs a work item of the thread pool: that is per pass, and bounded here.
    private const long MostBytesOfPass = 256;

    [Fact]
    public async Task Nothing_is_allocated_per_frame_on_either_side()
    {
        using var guest = new StreamGuest(2000 * 512, 512);
        using var rig = new StreamRig(guest, channels: 2);
        _ = rig.Sender.Give(OrderKind.Passes);
        var pass = 0;
        // Channels share stripes by their speed, and each has to be warm.
        for (; pass < 5 || rig.Receiver.Channels.Min(channel => channel.Counters.Frames) < 3000; pass++) await PassAsync(guest, rig, pass);
        AwaitPlaced(rig);
        // No fence in between: it wakes who waits for it, on a receiving thread.
        var (sentBefore, receivedBefore, framesBefore) = Counters(rig);
        for (var end = pass + 6; pass < end; pass++) await PassAsync(guest, rig, pass);
        AwaitPlaced(rig);
        var (sent, received, frames) = Counters(rig);
        Assert.True(frames - framesBefore > 5000, $"{frames - framesBefore} frames were sent.");
        Assert.InRange(sent - sentBefore, 0, 6 * MostBytesOfPass);
        Assert.Equal(0, received - receivedBefore);
    }

    [SkippableFact]
    public async Task Nothing_is_allocated_per_batch_by_channels_and_compressors()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        using var guest = new StreamGuest(2000 * 512, 512);
        using var rig = new StreamRig(guest, channels: 2, sending: new SendingOptions { Encodings = PageEncoding.Lz4, CompressThreads = 2 });
        var compressors = rig.Sender.Compressors!;
        _ = rig.Sender.Give(OrderKind.Passes);
        for (var pass = 0; pass < 5; pass++) await PassAsync(guest, rig, pass);
        AwaitPlaced(rig);
        var (sentBefore, receivedBefore, framesBefore) = Counters(rig);
        var packedBefore = compressors.AllocatedBytes;
        for (var pass = 5; pass < 11; pass++) await PassAsync(guest, rig, pass);
        AwaitPlaced(rig);
        var (sent, received, frames) = Counters(rig);
        Assert.True(frames - framesBefore > 5000, $"{frames - framesBefore} frames were sent.");
        Assert.True(rig.Sender.Channels.Sum(channel => channel.Counters.EncodedFrames) > 5000);
        Assert.InRange(sent - sentBefore, 0, 6 * MostBytesOfPass);
        Assert.Equal(0, received - receivedBefore);
        Assert.Equal(0, compressors.AllocatedBytes - packedBefore);
        Assert.Equal(2 * compressors.BatchesPerChannel, compressors.BatchCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Holes_stay_holes_on_both_sides(int channels)
    {
        using var guest = new StreamGuest(40 * 512, 700);
        var random = new Random(1);
        for (var i = 0; i < 300; i++) random.NextBytes(GuardedMemory.Page(guest.Source.Memory.Blocks[i % 2], random.Next(700)));
        var before = guest.Source.FileBlocks;
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels, fresh: true);
        _ = rig.Sender.Give(OrderKind.Passes);
        await rig.EndPassAsync(channels);
        await rig.FinishAsync();
        Assert.Equal(before, guest.Source.FileBlocks);
        Assert.Equal(before, guest.Destination.FileBlocks);
        Assert.Empty(guest.Differences());
    }

    [Fact]
    public async Task Zeros_over_memory_that_is_all_zero_fill_no_hole_of_the_destination()
    {
        using var guest = new StreamGuest(4 * 512);
        for (var page = 0; page < 4 * 512; page++) GuardedMemory.Page(guest.Source.Memory.Blocks[0], page).Clear();
        var before = guest.Destination.FileBlocks;
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels: 2);
        await rig.FinishAsync();
        Assert.Equal(before, guest.Destination.FileBlocks);
        Assert.Equal(4 * 512, rig.Receiver.Channels.Sum(channel => channel.Counters.ZeroPages));
    }

    private static void AwaitPlaced(StreamRig rig) => Assert.True(SpinWait.SpinUntil(
        () => rig.Sender.Channels.All(channel => channel.Unacknowledged.Acknowledged == channel.Unacknowledged.Added), TimeSpan.FromSeconds(20)));

    // One page in each stripe, data and zero by turns: frames of both kinds.
    private static async Task PassAsync(StreamGuest guest, StreamRig rig, int pass)
    {
        foreach (var block in guest.Source.Memory.Blocks)
            for (var stripe = 0; stripe < block.StripeCount; stripe++)
            {
                var page = ((long)stripe * PageGeometry.PagesPerStripe) + (pass % PageGeometry.PagesPerStripe);
                GuardedMemory.Page(block, page)[0] = (byte)(stripe % 2 == 0 ? 1 : 0);
                guest.Dirty.Mark(block, page << PageGeometry.PageShift, 1);
            }
        await rig.EndPassAsync(dry: 2);
    }

    private static (long Sent, long Received, long Frames) Counters(StreamRig rig) => (
        rig.Sender.Channels.Sum(channel => channel.Counters.AllocatedBytes),
        rig.Receiver.Channels.Sum(channel => channel.Counters.AllocatedBytes),
        rig.Sender.Channels.Sum(channel => channel.Counters.Frames));
}
