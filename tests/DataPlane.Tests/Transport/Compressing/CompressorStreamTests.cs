using DataPlane.Core.Codecs;
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

    // Few pages that are written and sent again and again: versions of one page follow each other through data, text and zeros, and one that
    // overtook another would stay at the destination.
    [SkippableTheory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public async Task The_last_version_of_a_page_is_the_one_that_stays(int channels, int compressThreads)
    {
        using var guest = new StreamGuest(512, 512);
        using var rig = new StreamRig(guest, channels, sending: new SendingOptions { Encodings = Both(), CompressThreads = compressThreads });
        _ = rig.Sender.Give(OrderKind.Passes);
        var random = new Random(channels);
        for (var pass = 0; pass < TestSet.Times(60); pass++)
        {
            foreach (var block in guest.Source.Memory.Blocks)
                for (var page = 0; page < block.PageCount; page++)
                {
                    var bytes = GuardedMemory.Page(block, page);
                    switch (random.Next(4))
                    {
                        case 0: bytes.Clear(); break;
                        case 1: random.NextBytes(bytes); break;
                        default: bytes.Fill((byte)pass); break;
                    }
                }
            guest.Bitmap.SetAll(); // At once, without a read of the dirty sources: the channels find it on their walk, behind what they are at.
            rig.Sender.NextGeneration();
        }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
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
