using DataPlane.Core.Codecs;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Receiving;
using DataPlane.Transport.Sending;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Transport;

/// <summary>Pages that travel with a checksum each: what changes one on the way is known, and a later good copy makes up for it.</summary>
public sealed class SuspectPagesTests
{
    private const int SumSize = FrameHeader.SumSize;

    [SkippableTheory]
    [InlineData(nameof(PageEncoding.None), 1)]
    [InlineData(nameof(PageEncoding.None), 3)]
    [InlineData(nameof(PageEncoding.Lz4), 2)]
    [InlineData(nameof(PageEncoding.Zstd), 2)]
    public async Task A_guest_that_writes_all_the_while_ends_without_a_suspect_page(string name, int channels)
    {
        var encoding = Enum.Parse<PageEncoding>(name);
        Skip.If(PageCodecs.WhyMissing(encoding) is not null, PageCodecs.WhyMissing(encoding));
        using var guest = new StreamGuest(9 * 512, 300, 1);
        guest.Fill(21);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        using var suspects = new SuspectPages(guest.Destination.Memory);
        using var rig = new StreamRig(guest, channels, suspects: suspects, sending: new SendingOptions { Encodings = encoding });
        using (var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, seed: 21))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            for (var pass = 0; pass < 8; pass++) await rig.EndPassAsync(dry: channels);
            Assert.True(SpinWait.SpinUntil(() => scribbler.Writes > 0, TimeSpan.FromSeconds(20)));
        }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
        Assert.Equal(0, suspects.Count);
        Assert.Equal(suspects.Seen, suspects.Cleared);
        Assert.True(guest.Destination.GuardsAreIntact);
        Assert.Equal(
            rig.Sender.Channels.Sum(channel => channel.Counters.WireBytes), rig.Receiver.Channels.Sum(channel => channel.Counters.WireBytes));
    }

    [Fact]
    public async Task A_flipped_bit_of_a_page_makes_that_page_suspect_until_a_good_copy_or_zeros_come()
    {
        for (var seed = 1; seed <= TestSet.Times(6); seed++)
        {
            using var guest = new StreamGuest(512, 40);
            guest.FillWithData(seed);
            guest.Bitmap.SetAll();
            var random = new Random(seed);
            var page = random.Next(512);
            var bit = ((FrameHeader.Size + (512 * SumSize) + (page * PageSize)) * 8L) + random.Next(PageSize * 8);
            await using var relay = new Relay(_ => new RelayPlan { FlipBit = bit });
            using var suspects = new SuspectPages(guest.Destination.Memory);
            using var rig = new StreamRig(guest, channels: 1, relay, suspects: suspects);
            await rig.GiveAsync(OrderKind.FinalPages);
            await rig.FenceAsync();
            var block = guest.Source.Memory.Blocks[0];
            Assert.Equal([(block, (long)page)], guest.Differences());
            Assert.Equal((1, 1, 0), (suspects.Count, suspects.Seen, suspects.Cleared));
            var address = guest.Destination.Memory.Blocks[0].Info.GuestAddress + ((ulong)page << PageShift);
            Assert.Equal($"0x{address:x} of 'ram0'", suspects.FirstOnes(4));

            guest.Bitmap.Set(block, (page + 1) % 512, 1);
            await rig.GiveAsync(OrderKind.FinalPages);
            await rig.FenceAsync();
            Assert.Equal(1, suspects.Count); // Another page's good copy says nothing of this one.

            if (seed % 3 == 0) GuardedMemory.Page(block, page).Clear();
            if (seed % 3 == 1) new Span<byte>(GuardedMemory.Page(block, page).ToArray()).CopyTo(GuardedMemory.Page(block, page));
            if (seed % 3 == 2) for (var i = 0L; i < 512; i++) GuardedMemory.Page(block, i).Clear();
            guest.Bitmap.Set(block, seed % 3 == 2 ? 0 : page, seed % 3 == 2 ? 512 : 1);
            await rig.GiveAsync(OrderKind.FinalPages);
            await rig.FenceAsync();
            Assert.Equal((0, 1, 1), (suspects.Count, suspects.Seen, suspects.Cleared));
            Assert.Empty(guest.Differences());
        }
    }

    [Fact]
    public async Task A_flipped_bit_of_a_checksum_is_a_protocol_violation()
    {
        for (var seed = 1; seed <= TestSet.Times(5); seed++)
        {
            using var guest = new StreamGuest(512);
            guest.FillWithData(seed);
            guest.Bitmap.SetAll();
            await using var relay = new Relay(_ => new RelayPlan { FlipBit = (FrameHeader.Size * 8) + new Random(seed).Next(512 * SumSize * 8) });
            using var suspects = new SuspectPages(guest.Destination.Memory);
            using var rig = new StreamRig(guest, channels: 1, relay, suspects: suspects);
            _ = rig.Sender.Give(OrderKind.FinalPages);
            var fault = Assert.IsType<MigrationException>(await rig.DestinationEnded).Error;
            Assert.Equal(MigrationErrorCode.ProtocolViolation, fault.Code);
            Assert.Contains("checksums of pages", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_first_suspect_pages_are_named_with_block_and_guest_address_and_no_more_than_asked()
    {
        using var memory = new GuardedMemory(600, 5);
        using var suspects = new SuspectPages(memory.Memory);
        var (one, two) = (memory.Memory.Blocks[0], memory.Memory.Blocks[1]);
        ulong[] map = [0b101, 0, 0, 0, 0, 0, 0, 0];
        suspects.Suspect(one, 1, map);
        suspects.Suspect(two, 0, map);
        suspects.Suspect(two, 0, map);
        Assert.Equal((4, 4), (suspects.Count, suspects.Seen));
        Assert.Equal(
            $"0x{one.Info.GuestAddress + StripeSize:x} of 'ram0', 0x{one.Info.GuestAddress + StripeSize + 0x2000:x} of 'ram0', 0x{two.Info.GuestAddress:x} of 'ram1'",
            suspects.FirstOnes(3));
        suspects.Clear(two, 0, map);
        suspects.Clear(two, 0, map);
        Assert.Equal((2, 2), (suspects.Count, suspects.Cleared));
    }
}
