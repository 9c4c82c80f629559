using DataPlane.Core.Codecs;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

/// <summary>
/// The invariant a retry and a return to the source rest on: when a connection breaks, every page that differs between the two sides is
/// marked. Pages that are acknowledged are equal; all others are marked.
/// </summary>
public sealed class CutStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_a_cut_anywhere_every_page_that_differs_is_marked_and_a_second_attempt_sends_the_rest(int channels)
    {
        for (var seed = 1; seed <= TestSet.Times(12); seed++)
        {
            using var guest = new StreamGuest(1, 1500, 600);
            guest.Fill(seed);
            guest.Destination.Poison();
            guest.Bitmap.SetAll();
            await CutAsync(guest, channels, new Random((seed * 10) + channels));
            AssertMarkedWhereDifferent(guest, seed);
            using var second = new StreamRig(guest, channels);
            await second.FinishAsync();
            Assert.Empty(guest.Differences());
            Assert.True(guest.Destination.GuardsAreIntact);
        }
    }

    [SkippableTheory]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    public async Task With_compressors_beside_the_channels_too(int channels, int compressThreads)
    {
        NeedsCodecLibrary.Check(CodecLibraries.Lz4);
        for (var seed = 1; seed <= TestSet.Times(8); seed++)
        {
            using var guest = new StreamGuest(1, 1500, 600);
            guest.Fill(seed);
            guest.FillWithText(everyOther: true);
            guest.Destination.Poison();
            guest.Bitmap.SetAll();
            await CutAsync(guest, channels, new Random((seed * 10) + channels), compressThreads);
            AssertMarkedWhereDifferent(guest, seed);
            using var second = new StreamRig(guest, channels, sending: new SendingOptions { Encodings = PageEncoding.Lz4, CompressThreads = compressThreads });
            await second.FinishAsync();
            Assert.Empty(guest.Differences());
            Assert.True(guest.Destination.GuardsAreIntact);
        }
    }

    [Fact]
    public async Task After_an_abort_in_mid_pass_every_page_that_differs_is_marked()
    {
        using var guest = new StreamGuest(3000);
        guest.FillWithData(1);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        await using var relay = new Relay(_ => new RelayPlan { StallAfter = 100_000 });
        using (var rig = new StreamRig(guest, channels: 2, relay))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            Assert.True(SpinWait.SpinUntil(() => relay.Lanes.Sum(lane => lane.Forwarded) == 200_000, TimeSpan.FromSeconds(20)));
            rig.Fail(); // Both channels are blocked in the socket: an abort must end that.
        }
        AssertMarkedWhereDifferent(guest, seed: 0);
        Assert.True(guest.Differences().Count > 2900);
    }

    [Fact]
    public async Task An_abort_before_anything_was_sent_keeps_every_mark()
    {
        using var guest = new StreamGuest(700, 5);
        guest.Bitmap.SetAll();
        using (var rig = new StreamRig(guest, channels: 2))
        {
            rig.Fail();
            Assert.True(rig.Sender.Give(OrderKind.Passes).Done.IsCanceled);
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Sender.WhenDryAsync(1));
        }
        Assert.Equal(705, guest.Bitmap.Count());
    }

    private static async Task CutAsync(StreamGuest guest, int channels, Random random, int compressThreads = 0)
    {
        var cut = random.Next(channels);
        // Small numbers cut in the first headers, large ones after several passes, with all that can be on its way by then. In small pieces megabytes take minutes
        // on a busy machine.
        var chunk = 1 << random.Next(8, 17);
        var plan = new RelayPlan
        {
            CutAfter = random.Next(3) == 0 ? random.Next(1, 400) : random.NextInt64(1, Math.Min(10 << 20, 4096L * chunk)),
            CutResets = random.Next(2) == 0,
            MaxChunk = chunk,
            ChunkSeed = random.Next(),
        };
        await using var relay = new Relay(lane => lane == cut ? plan : RelayPlan.Faithful);
        using var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, random.Next());
        using var rig = new StreamRig(
            guest, channels, relay, sending: new SendingOptions { Encodings = compressThreads > 0 ? PageEncoding.Lz4 : PageEncoding.None, CompressThreads = compressThreads });
        _ = rig.Sender.Give(OrderKind.Passes);
        var ended = rig.EndedAsync();
        while (!ended.IsCompleted)
            _ = await Task.WhenAny(ended, rig.EndPassAsync(dry: 1));
        _ = await ended;
        rig.Fail();
        scribbler.Dispose();
        _ = guest.Dirty.Sync(guest.Bitmap);
    }

    private static void AssertMarkedWhereDifferent(StreamGuest guest, int seed)
    {
        var lost = guest.Differences().Where(page => !guest.Bitmap.IsSet(page.Block, page.Page)).Take(5).ToArray();
        Assert.True(lost.Length == 0, $"Seed {seed}: lost {string.Join(", ", lost.Select(page => $"{page.Block.Info.Name}:{page.Page}"))}.");
    }
}
