using DataPlane.Core.Codecs;
using DataPlane.Core.Errors;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using DataPlane.Linux.Codecs;
using DataPlane.Tests.Kit;
using DataPlane.Transport.Sending;
using Xunit;

namespace DataPlane.Tests.Transport;

/// <summary>Pages that travel encoded: equal at the other end, smaller where they can be, and refused when they are damaged.</summary>
public sealed class EncodedStreamTests
{
    [SkippableTheory]
    [InlineData(nameof(PageEncoding.Lz4), 1)]
    [InlineData(nameof(PageEncoding.Lz4), 3)]
    [InlineData(nameof(PageEncoding.Zstd), 2)]
    public async Task Memory_of_every_kind_arrives_equal_while_it_is_written(string name, int channels)
    {
        var encoding = Encoding(name);
        using var guest = new StreamGuest(7 * 512, 300, 1);
        guest.Fill(11);
        FillWithText(guest, everyOther: true);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels, encoding: encoding);
        using (var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, seed: 11))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            for (var pass = 0; pass < 6; pass++) await rig.EndPassAsync(dry: channels);
            Assert.True(SpinWait.SpinUntil(() => scribbler.Writes > 0, TimeSpan.FromSeconds(20)));
        }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
        Assert.True(guest.Destination.GuardsAreIntact && guest.Source.GuardsAreIntact);
        var encoded = rig.Sender.Channels.Sum(channel => channel.Counters.EncodedPages);
        Assert.InRange(rig.Sender.Channels.Sum(channel => channel.Counters.EncodedBytes), 1, (encoded << PageGeometry.PageShift) * 15 / 16);
        Assert.Equal(encoded, rig.Receiver.Channels.Sum(channel => channel.Counters.EncodedPages));
    }

    [SkippableTheory]
    [InlineData(nameof(PageEncoding.Lz4))]
    [InlineData(nameof(PageEncoding.Zstd))]
    public async Task Random_pages_are_sent_as_they_are(string name)
    {
        using var guest = new StreamGuest(4 * 512);
        guest.FillWithData(12);
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels: 1, encoding: Encoding(name));
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
        Assert.Equal(0, rig.Sender.Channels[0].Counters.EncodedPages);
    }

    [SkippableTheory]
    [InlineData(nameof(PageEncoding.Lz4))]
    [InlineData(nameof(PageEncoding.Zstd))]
    public async Task A_flipped_bit_in_an_encoded_payload_is_a_protocol_violation(string name)
    {
        var encoding = Encoding(name);
        for (var seed = 1; seed <= TestSet.Times(10); seed++)
        {
            using var guest = new StreamGuest(64);
            FillWithText(guest, everyOther: false);
            guest.Bitmap.SetAll();
            // The first frame holds all pages; the text of 64 pages takes more than 128 bytes however it is encoded.
            var bit = ((FrameHeader.Size + (seed * 13 % 128)) * 8) + (seed % 8);
            await using var relay = new Relay(_ => new RelayPlan { FlipBit = bit });
            using var rig = new StreamRig(guest, channels: 1, relay, encoding: encoding);
            await rig.GiveAsync(OrderKind.FinalPages);
            var fault = Assert.IsType<MigrationException>(await rig.DestinationEnded);
            Assert.Equal(MigrationErrorCode.ProtocolViolation, fault.Error.Code);
            Assert.Contains("damaged", fault.Error.Message, StringComparison.Ordinal);
            Assert.True(guest.Destination.GuardsAreIntact);
        }
    }

    private static PageEncoding Encoding(string name)
    {
        var encoding = Enum.Parse<PageEncoding>(name);
        var missing = PageCodecs.WhyMissing(encoding);
        Skip.If(missing is not null, missing);
        return encoding;
    }

    private static void FillWithText(StreamGuest guest, bool everyOther)
    {
        var text = "The quick brown fox jumps over the lazy dog. "u8;
        foreach (var block in guest.Source.Memory.Blocks)
        {
            for (var page = 0L; page < block.PageCount; page += everyOther ? 2 : 1)
            {
                var bytes = GuardedMemory.Page(block, page);
                for (var i = 0; i < bytes.Length; i++) bytes[i] = text[(int)((i + (page * 7)) % text.Length)];
            }
        }
    }
}
