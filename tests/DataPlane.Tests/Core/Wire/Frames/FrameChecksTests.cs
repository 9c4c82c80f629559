using DataPlane.Core.Codecs;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire.Frames;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Wire.Frames;

/// <summary>What each field may hold, at its borders, in headers whose checksum is right.</summary>
public sealed class FrameChecksTests
{
    [Theory]
    [InlineData(0, 3 * (4096 + 4), true)]
    [InlineData(0, 3 * 4096, false)]
    [InlineData(0, (3 * (4096 + 4)) + 1, false)]
    [InlineData(1, 3 * (4096 + 4), true)]
    [InlineData(1, (3 * 4) + 1, true)]
    [InlineData(1, 3 * 4, false)]
    [InlineData(1, (3 * (4096 + 4)) + 1, false)]
    public void With_page_checksums_a_payload_holds_one_for_each_page(byte encoding, uint length, bool fits)
    {
        var checks = new FrameChecks(FrameHeaders.Memory, [], PageEncoding.Lz4, pageSums: true);
        var header = FrameHeaders.Pages();
        (header.Encoding, header.PayloadLength) = (encoding, length);
        Assert.Equal(fits ? FrameFault.None : FrameFault.BadPayloadLength, checks.Find(FrameHeaders.Sealed(header), sequence: 1));
        header.PageMap = default; // Word of zero pages alone has none.
        header.PayloadLength = 0;
        Assert.Equal(encoding == 0 ? FrameFault.None : FrameFault.BadPayloadLength, checks.Find(FrameHeaders.Sealed(header), sequence: 1));
    }

    private delegate void Change(ref FrameHeader header);

    [Fact]
    public void Good_headers_of_every_kind_are_accepted()
    {
        Assert.Equal(FrameFault.None, Find(FrameHeaders.Pages()));
        Assert.Equal(FrameFault.None, Find(FrameHeaders.ZeroStripes()));
        Assert.Equal(FrameFault.None, Find(FrameHeaders.DeviceState()));
        Assert.Equal(FrameFault.None, Find(FrameHeaders.Fence()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_flipped_bit_of_a_sealed_header_is_refused(int kind)
    {
        for (var bit = 0; bit < FrameHeader.Size * 8; bit++)
        {
            var header = OfKind((FrameKind)kind);
            FrameHeaderTests.BytesOf(ref header)[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(bit < 32 ? FrameFault.BadMagic : FrameFault.BadChecksum, Find(header));
        }
    }

    [Fact]
    public void Frames_come_in_sequence() => Refused(
        FrameFault.OutOfSequence,
        (FrameHeaders.Pages(), (ref FrameHeader header) => header.Sequence = 0),
        (FrameHeaders.Pages(), (ref FrameHeader header) => header.Sequence = 2),
        (FrameHeaders.Fence(), (ref FrameHeader header) => header.Sequence = ulong.MaxValue));

    [Theory]
    [InlineData(PageEncoding.Lz4, 1, 1u, FrameFault.None)]
    [InlineData(PageEncoding.Lz4, 64, 64u * PageSize, FrameFault.None)]
    [InlineData(PageEncoding.Lz4, 65, 1u, FrameFault.BadPayloadLength)]
    [InlineData(PageEncoding.Lz4, 1, 0u, FrameFault.BadPayloadLength)]
    [InlineData(PageEncoding.Lz4, 1, PageSize + 1u, FrameFault.BadPayloadLength)]
    [InlineData(PageEncoding.Lz4, 0, 1u, FrameFault.BadPayloadLength)]
    [InlineData(PageEncoding.Zstd, 1, 1u, FrameFault.UnknownEncoding)]
    public void Encoded_pages_are_those_agreed_on_and_no_longer_than_raw(object encoding, int pages, uint payload, object expected)
    {
        FrameHeader header = new()
        {
            Kind = FrameKind.Pages, Encoding = (byte)(PageEncoding)encoding, Block = 3, Sequence = 1, PayloadLength = payload,
        };
        if (pages > 0) PageMask.SetRun(header.PageMap, 0, pages);
        else header.ZeroMap[0] = 1;
        header.Seal();
        Assert.Equal((FrameFault)expected, new FrameChecks(FrameHeaders.Memory, [0], PageEncoding.Lz4).Find(header, sequence: 1));
    }

    [Fact]
    public void With_two_encodings_agreed_on_frames_may_be_of_either_and_of_no_other()
    {
        var checks = new FrameChecks(FrameHeaders.Memory, [0], (PageEncodingSet)PageEncoding.Lz4 | PageEncoding.Zstd);
        for (var encoding = 0; encoding < 256; encoding++)
        {
            FrameHeader header = new() { Kind = FrameKind.Pages, Encoding = (byte)encoding, Block = 3, Sequence = 1, PayloadLength = PageSize };
            header.PageMap[0] = 1;
            header.Seal();
            Assert.Equal(encoding <= 2 ? FrameFault.None : FrameFault.UnknownEncoding, checks.Find(header, sequence: 1));
        }
    }

    [Fact]
    public void Unknown_kinds_and_encodings_are_refused()
    {
        Refused(
            FrameFault.UnknownKind,
            (FrameHeaders.Fence(), (ref FrameHeader header) => header.Kind = FrameKind.Invalid),
            (FrameHeaders.Fence(), (ref FrameHeader header) => header.Kind = (FrameKind)5),
            (FrameHeaders.Fence(), (ref FrameHeader header) => header.Kind = (FrameKind)255));
        Refused(FrameFault.UnknownEncoding, (FrameHeaders.Pages(), (ref FrameHeader header) => header.Encoding = 1));
        Refused(FrameFault.ReservedNotZero, (FrameHeaders.Pages(), (ref FrameHeader header) => header.Reserved = 1u << 31));
    }

    [Fact]
    public void Pages_outside_the_memory_are_refused()
    {
        Refused(
            FrameFault.NoSuchBlock,
            (FrameHeaders.Pages(), (ref FrameHeader header) => header.Block = 4),
            (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.Block = ushort.MaxValue));
        Refused(
            FrameFault.NoSuchStripe,
            (FrameHeaders.Pages(), (ref FrameHeader header) => header.Index = 3),
            (FrameHeaders.Pages(), (ref FrameHeader header) => header.Index = uint.MaxValue),
            (FrameHeaders.Pages(), (ref FrameHeader header) => header.Index = 0x8000_0001),
            (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.Index = 3));
        Refused(
            FrameFault.NoSuchPage,
            (FrameHeaders.Pages(1, 1), (ref FrameHeader header) => header.Pass++),
            (FrameHeaders.Pages(0, 0), (ref FrameHeader header) => header.Pass++),
            (FrameHeaders.Pages(2, 2), (ref FrameHeader header) => header.ZeroMap[7] = 1ul << 59));
    }

    [Fact]
    public void Maps_that_contradict_themselves_are_refused()
    {
        Refused(FrameFault.PageBothZeroAndSent, (FrameHeaders.Pages(), (ref FrameHeader header) => header.ZeroMap[0] |= 1));
        Refused(FrameFault.NothingInIt, (FrameHeaders.Pages(), (ref FrameHeader header) => header.PageMap = header.ZeroMap = default));
    }

    [Fact]
    public void Lengths_other_than_the_contents_are_refused() => Refused(
        FrameFault.BadPayloadLength,
        (FrameHeaders.Pages(), (ref FrameHeader header) => header.PayloadLength += PageSize),
        (FrameHeaders.Pages(), (ref FrameHeader header) => header.PayloadLength--),
        (FrameHeaders.Pages(), (ref FrameHeader header) => header.PayloadLength = 0),
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.PayloadLength = 1),
        (FrameHeaders.Fence(), (ref FrameHeader header) => header.PayloadLength = 1),
        (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.PayloadLength = 0),
        (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.PayloadLength = FrameChecks.MaxStatePayload + 1),
        (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.PayloadLength = uint.MaxValue));

    [Fact]
    public void Runs_of_stripes_beyond_the_block_are_refused() => Refused(
        FrameFault.BadStripeRun,
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.RunCount = 0),
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.RunStride = 0),
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.RunCount = 3),
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.RunStride = 3),
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.Index = 1),
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => header.RunCount = header.RunStride = uint.MaxValue),
        // 2 * 2^31 wraps to nothing in 32 bits.
        (FrameHeaders.ZeroStripes(), (ref FrameHeader header) => (header.RunCount, header.RunStride) = (3, 1u << 31)));

    [Fact]
    public void State_outside_its_section_is_refused()
    {
        Refused(
            FrameFault.NoSuchSection,
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.Index = 2),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.Index = uint.MaxValue));
        Refused(
            FrameFault.BadStateRange,
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.Index = 1),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.StateTotal++),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.StateTotal = ulong.MaxValue),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.StateOffset++),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.PayloadLength++),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.StateOffset = FrameHeaders.SectionSize + 1),
            (FrameHeaders.DeviceState(), (ref FrameHeader header) => header.StateOffset = ulong.MaxValue - 16));
    }

    private static FrameHeader OfKind(FrameKind kind) => kind switch
    {
        FrameKind.Pages => FrameHeaders.Pages(),
        FrameKind.ZeroStripes => FrameHeaders.ZeroStripes(),
        FrameKind.DeviceState => FrameHeaders.DeviceState(),
        _ => FrameHeaders.Fence(),
    };

    private static FrameFault Find(FrameHeader header) => FrameHeaders.Checks.Find(header, sequence: 1);

    private static void Refused(FrameFault expected, params (FrameHeader Good, Change Change)[] cases)
    {
        foreach (var (good, change) in cases)
        {
            var header = good;
            change(ref header);
            header.Seal();
            Assert.Equal(expected, Find(header));
        }
    }
}
