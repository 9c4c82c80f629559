using DataPlane.Core.Dirty;
using DataPlane.Core.Wire;
using DataPlane.Core.Wire.Messages;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Receiving;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

/// <summary>Both crews over real sockets: memory that is written all the while arrives equal, page by page, and nothing beside it.</summary>
public sealed class MemoryStreamTests
{
    [SkippableTheory]
    [InlineData(1, ConnectionKind.Tcp4, new long[] { 1 })]
    [InlineData(8, ConnectionKind.Tcp4, new long[] { 1, 1 })]
    [InlineData(1, ConnectionKind.Tcp4, new long[] { 3000 })]
    [InlineData(2, ConnectionKind.Tcp4, new long[] { 2 * 512, 777 })]
    [InlineData(3, ConnectionKind.Tcp4, new long[] { 1, 9 * 512, 513 })]
    [InlineData(8, ConnectionKind.Tcp4, new long[] { 20 * 512, 1 })]
    [InlineData(2, ConnectionKind.Tcp6, new long[] { 5000 })]
    [InlineData(2, ConnectionKind.Unix, new long[] { 5000 })]
    [InlineData(2, ConnectionKind.Pair, new long[] { 5000 })]
    [InlineData(3, ConnectionKind.Memory, new long[] { 5000 })]
    public async Task Memory_written_throughout_arrives_equal(int channels, ConnectionKind kind, long[] pages)
    {
        for (var seed = 1; seed <= TestSet.Times(2); seed++)
        {
            using var guest = new StreamGuest(pages);
            guest.Fill(seed);
            guest.Destination.Poison();
            using var rig = new StreamRig(guest, channels, kind: kind, mapped: seed % 2 == 0);
            await MoveAsync(guest, rig, channels, seed);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 200)]
    [InlineData(2, 9000)]
    public async Task Memory_arrives_equal_in_whatever_pieces_the_network_delivers(int channels, int maxChunk)
    {
        using var guest = new StreamGuest(maxChunk == 1 ? [1, 10] : [1, 300, 100]);
        guest.Fill(maxChunk);
        guest.Destination.Poison();
        await using var relay = new Relay(lane => new RelayPlan { MaxChunk = maxChunk, ChunkSeed = lane });
        using var rig = new StreamRig(guest, channels, relay);
        await MoveAsync(guest, rig, channels, seed: 5);
    }

    [Fact]
    public async Task Fresh_memory_arrives_equal_where_pages_became_zero_after_they_were_sent()
    {
        using var guest = new StreamGuest(4 * 512, 100);
        guest.Fill(6);
        using var rig = new StreamRig(guest, channels: 2, fresh: true);
        await MoveAsync(guest, rig, channels: 2, seed: 6);
    }

    [Fact]
    public async Task A_walk_that_is_ordered_again_after_a_fence_goes_on()
    {
        using var guest = new StreamGuest(6 * 512);
        guest.Fill(7);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels: 2);
        using (var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, seed: 7))
            for (var round = 0; round < 20; round++)
            {
                _ = rig.Sender.Give(OrderKind.Passes);
                if (round % 2 == 0) await rig.EndPassAsync(dry: 1); // Else the fence comes in the middle of the walk.
                await rig.FenceAsync();
            }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
    }

    [Fact]
    public async Task Device_state_arrives_in_its_sections()
    {
        long[] sizes = [0, 1, (3 << 20) + 5, 1 << 20];
        using var guest = new StreamGuest(1);
        ReceivedSection[] received = [.. sizes.Select((size, i) => new ReceivedSection($"dev{i}", 1, size))];
        SectionBuffer[] saved = [.. sizes.Select((size, i) => Save($"dev{i}", size))];
        using var rig = new StreamRig(guest, channels: 3, sections: received);
        await rig.FinishAsync(saved);
        for (var i = 0; i < sizes.Length; i++)
        {
            var summary = new SavedSection(saved[i].Length, Crc32c.Of(saved[i].Saved));
            var state = received[i].Complete(summary, default, out var fault);
            Assert.Null(fault);
            Assert.True(saved[i].Saved.SequenceEqual(state!.Value.Span));
            Assert.Null(received[i].Complete(summary with { Checksum = summary.Checksum ^ 1 }, default, out fault));
            Assert.Contains("checksum", fault);
            Assert.Null(received[i].Complete(summary with { Size = summary.Size + 1 }, default, out fault));
            Assert.Contains($"dev{i}", fault);
        }
    }

    private static async Task MoveAsync(StreamGuest guest, StreamRig rig, int channels, int seed)
    {
        guest.Bitmap.SetAll();
        using (var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, seed))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            for (var pass = 0; pass < 6; pass++) await rig.EndPassAsync(dry: 1 + (pass % channels));
            Assert.True(SpinWait.SpinUntil(() => scribbler.Writes > 0, TimeSpan.FromSeconds(20)));
        }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
        Assert.True(guest.Destination.GuardsAreIntact && guest.Source.GuardsAreIntact);
        Assert.Equal(0, guest.Bitmap.Count());
        AssertNothingOnItsWay(guest, rig);
    }

    private static void AssertNothingOnItsWay(StreamGuest guest, StreamRig rig)
    {
        using var left = new DirtyBitmap(guest.Source.Memory);
        rig.Sender.PutBack(left);
        Assert.Equal(0, left.Count());
        foreach (var channel in rig.Sender.Channels)
        {
            var received = rig.Receiver.Channels[channel.Number];
            Assert.Equal(channel.Unacknowledged.Added, received.Placed);
            Assert.Equal(channel.Counters.WireBytes, channel.Unacknowledged.AcknowledgedBytes);
            Assert.Equal(channel.Counters.WireBytes, received.Counters.WireBytes);
            Assert.Equal(
                (channel.Counters.Frames, channel.Counters.Pages, channel.Counters.ZeroPages),
                (received.Counters.Frames, received.Counters.Pages, received.Counters.ZeroPages));
        }
    }

    private static SectionBuffer Save(string id, long size)
    {
        var buffer = new SectionBuffer(id, size);
        if (size == 0) return buffer;
        new Random((int)size).NextBytes(buffer.GetSpan((int)size)[..(int)size]);
        buffer.Advance((int)size);
        return buffer;
    }
}
