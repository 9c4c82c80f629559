using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport.Compressing;

/// <summary>Compressors beside the channels: the same memory at the other end, in the same order, whatever the compressors are at when it ends.</summary>
public sealed class CompressorStreamTests
{
    [SkippableTheory]
    [InlineData(1, 2, false)]
    [InlineData(3, 1, false)]
    [InlineData(2, 4, true)]
    public async Task Memory_of_every_kind_arrives_equal_while_it_is_written(int channels, int compressThreads, bool chooses)
    {
        using var guest = new StreamGuest(7 * 512, 300, 1);
        guest.Fill(21);
        guest.FillWithText(everyOther: true);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels, sending: new SendingOptions { Encodings = Both(), Chooses = chooses, CompressThreads = compressThreads });
        using (var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, seed: 21))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            for (var pass = 0; pass < 6; pass++) await rig.EndPassAsync(dry: channels);
            Assert.True(SpinWait.SpinUntil(() => scribbler.Writes > 0, TimeSpan.FromSeconds(20)));
        }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
        Assert.True(guest.Destination.GuardsAreIntact && guest.Source.GuardsAreIntact);
        Assert.True(rig.Sender.Channels.Sum(channel => channel.Counters.EncodedFrames) > 0);
        Assert.True(rig.Sender.Compressors!.BatchCount == channels * rig.Sender.Compressors.BatchesPerChannel, "A batch was made that no channel had room for.");
    }

    // A few stripes, written and marked again without a pause, so that the channel claims a page while its last version is still with a compressor.
    // Text takes a compressor some time, zeros take none: a version that overtook another would stay at the destination.
    [SkippableTheory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public async Task The_last_version_of_a_page_is_the_one_that_stays(int channels, int compressThreads)
    {
        using var guest = new StreamGuest(40, 40, 40, 40);
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels, sending: new SendingOptions { Encodings = Both(), CompressThreads = compressThreads });
        var random = new Random(channels);
        _ = rig.Sender.Give(OrderKind.Passes);
        for (var round = 0; round < TestSet.Times(40); round++)
        {
            for (var version = 2 * random.Next(2, 6); version >= 0; version--)
            {
                foreach (var block in guest.Source.Memory.Blocks)
                {
                    // Claimed, and hardly more than that: the next version of it is there before the walk comes round.
                    Assert.True(SpinWait.SpinUntil(() => !guest.Bitmap.Any(block.FirstStripe), TimeSpan.FromSeconds(60)));
                    Write(guest, block, random, zero: version % 2 == 0);
                    rig.Sender.NextGeneration();
                }
            }
            await rig.Sender.WhenDryAsync(channels).WaitAsync(TimeSpan.FromSeconds(60));
            await rig.FenceAsync();
            Assert.Empty(guest.Differences());
            _ = rig.Sender.Give(OrderKind.Passes);
        }
        Assert.True(rig.Sender.Channels.Sum(channel => channel.Counters.EncodedFrames) > TestSet.Times(40), "Hardly anything was encoded.");
    }

    // Never the first page: no run of zero stripes comes of it, which would wait for its end. Marked after the write, and without a read of the
    // dirty sources: the channels are to find it at once.
    private static void Write(StreamGuest guest, RamBlock block, Random random, bool zero)
    {
        for (var page = 1; page < block.PageCount; page++)
        {
            var bytes = GuardedMemory.Page(block, page);
            if (zero) bytes.Clear();
            else random.NextBytes(bytes[..(bytes.Length / 2)]);
        }
        guest.Bitmap.Set(block, 1, block.PageCount - 1);
    }

    [SkippableFact]
    public async Task An_abort_with_every_batch_in_hand_returns_at_once_and_puts_all_back()
    {
        using var guest = new StreamGuest(3000);
        guest.FillWithText(everyOther: false);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        await using var relay = new Relay(_ => new RelayPlan { StallAfter = 1000 });
        using (var rig = new StreamRig(guest, channels: 2, relay, sending: new SendingOptions { Encodings = Both(), CompressThreads = 2 }))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            Assert.True(SpinWait.SpinUntil(() => rig.Sender.Channels.All(channel => channel.Unacknowledged.Added > 0), TimeSpan.FromSeconds(20)));
            rig.Fail(); // Joins channels and compressors: a thread that is not let go hangs here.
        }
        var lost = guest.Differences().Where(page => !guest.Bitmap.IsSet(page.Block, page.Page)).ToArray();
        Assert.Empty(lost);
        Assert.True(guest.Bitmap.Count() > 2900);
    }

    [SkippableFact]
    public void Compressors_that_had_nothing_to_do_end_with_their_crew()
    {
        using var guest = new StreamGuest(8);
        using var rig = new StreamRig(guest, channels: 1, sending: new SendingOptions { Encodings = Both(), CompressThreads = 8 });
    }

    private static PageEncodingSet Both()
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        NeedsCodecLibrary.Check(CodecLibraries.Zstd);
        return (PageEncodingSet)PageEncoding.Lz4 | PageEncoding.Zstd;
    }
}
