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
        guest.FillWithText(everyOther: true);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels, sending: new SendingOptions { Encodings = encoding });
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
    [InlineData(1)]
    [InlineData(3)]
    public async Task Frames_of_every_encoding_mix_on_one_channel(int channels)
    {
        var both = (PageEncodingSet)Encoding(nameof(PageEncoding.Lz4)) | Encoding(nameof(PageEncoding.Zstd));
        using var guest = new StreamGuest(9 * 512, 300, 1);
        guest.Fill(13);
        guest.FillWithText(everyOther: true);
        guest.Destination.Poison();
        guest.Bitmap.SetAll();
        await using var relay = new Relay(_ => new RelayPlan { BytesPerSecond = 60 << 20 }); // Slow enough for a codec to win.
        using var rig = new StreamRig(guest, channels, relay, sending: new SendingOptions { Encodings = both, Chooses = true });
        using (var scribbler = new PageScribbler(guest.Source.Memory, guest.Dirty, seed: 13))
        {
            _ = rig.Sender.Give(OrderKind.Passes);
            for (var pass = 0; pass < 6; pass++) await rig.EndPassAsync(dry: channels);
        }
        await rig.FinishAsync();
        Assert.Empty(guest.Differences());
        Assert.True(guest.Destination.GuardsAreIntact && guest.Source.GuardsAreIntact);
        foreach (var channel in rig.Sender.Channels)
        {
            var counters = channel.Counters;
            Assert.True(counters is { RawFrames: > 0, ZstdFrames: > 0 } && counters.EncodedFrames > counters.ZstdFrames, "Not every encoding was used.");
        }
    }

    [SkippableTheory]
    [InlineData(nameof(PageEncoding.Lz4))]
    [InlineData(nameof(PageEncoding.Zstd))]
    public async Task Random_pages_are_sent_as_they_are(string name)
    {
        using var guest = new StreamGuest(4 * 512);
        guest.FillWithData(12);
        guest.Bitmap.SetAll();
        using var rig = new StreamRig(guest, channels: 1, sending: new SendingOptions { Encodings = Encoding(name) });
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
            guest.FillWithText(everyOther: false);
            guest.Bitmap.SetAll();
            // The first frame holds all pages; the text of 64 pages takes more than 128 bytes however it is encoded.
            var bit = ((FrameHeader.Size + (seed * 13 % 128)) * 8) + (seed % 8);
            await using var relay = new Relay(_ => new RelayPlan { FlipBit = bit });
            using var rig = new StreamRig(guest, channels: 1, relay, sending: new SendingOptions { Encodings = encoding });
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
}
