using System.Numerics;
using DataPlane.Core.Wire.Frames;
using DataPlane.Tests.Kit;
using Xunit;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Tests.Core.Wire.Frames;

/// <summary>Sealed headers with any numbers in them, against a model that counts page by page in numbers without limits.</summary>
public sealed class FrameChecksModelTests
{
    [Fact]
    public void A_frame_of_pages_is_accepted_only_if_all_of_it_lies_in_one_block() =>
        PropertyCheck.Holds<(byte Block, byte Stripe, byte[] Pages, byte[] Zeros, sbyte Length)>(input =>
        {
            var header = FrameHeaders.New(FrameKind.Pages, (ushort)(input.Block % 5), Small(input.Stripe, 4));
            foreach (var page in input.Pages ?? []) Set(ref header.PageMap, page, input.Stripe);
            foreach (var page in input.Zeros ?? []) Set(ref header.ZeroMap, page, input.Block);
            header.PayloadLength = (uint)Bits(header.PageMap).Count << PageShift;
            if (input.Length % 3 == 0) header.PayloadLength += (uint)input.Length;
            Agrees(FrameHeaders.Sealed(header), Accepts(header));
        }, tests: 2000);

    [Fact]
    public void A_run_of_stripes_is_accepted_only_if_all_of_it_lies_in_one_block() =>
        PropertyCheck.Holds<(byte Block, byte Stripe, byte Count, byte Stride, bool Payload)>(input =>
        {
            var header = FrameHeaders.New(FrameKind.ZeroStripes, (ushort)(input.Block % 5), Small(input.Stripe, 4));
            header.RunCount = Small(input.Count, 5);
            header.RunStride = Small(input.Stride, 4);
            header.PayloadLength = input.Payload && input.Count % 4 == 0 ? 1u : 0;
            Agrees(FrameHeaders.Sealed(header), AcceptsRun(header));
        }, tests: 2000);

    [Fact]
    public void A_piece_of_state_is_accepted_only_if_it_lies_in_what_was_declared() =>
        PropertyCheck.Holds<(byte Section, short Offset, short Total, short Length, bool Far)>(input =>
        {
            var header = FrameHeaders.New(FrameKind.DeviceState, 0, Small(input.Section, 3));
            header.StateTotal = (ulong)(FrameHeaders.SectionSize + (input.Total / 16));
            header.StateOffset = input.Far ? (ulong)(long)input.Offset : (ulong)((1 << 20) + (input.Offset / 16));
            header.PayloadLength = input.Far ? (uint)(FrameChecks.MaxStatePayload + (input.Length / 16)) : (uint)(17 + (input.Length / 16));
            Agrees(FrameHeaders.Sealed(header), AcceptsState(header));
        }, tests: 2000);

    [Fact]
    public void Random_bytes_in_a_sealed_header_are_judged_without_an_exception()
    {
        var random = new Random(2);
        for (var i = 0; i < TestSet.Times(20_000); i++)
        {
            FrameHeader header = default;
            random.NextBytes(FrameHeaderTests.BytesOf(ref header));
            header.Kind = (FrameKind)random.Next(6);
            header.Encoding = 0;
            header.Reserved = 0;
            header.Sequence = 1;
            if (random.Next(2) == 0) (header.Block, header.Index) = ((ushort)random.Next(4), (uint)random.Next(3));
            header.Seal();
            var accepts = header.Kind switch
            {
                FrameKind.Pages => Accepts(header),
                FrameKind.ZeroStripes => AcceptsRun(header),
                FrameKind.DeviceState => AcceptsState(header),
                FrameKind.Fence => header.PayloadLength == 0,
                _ => false,
            };
            Agrees(header, accepts);
        }
    }

    private static void Agrees(in FrameHeader header, bool accepts) =>
        Assert.Equal(accepts, FrameHeaders.Checks.Find(header, sequence: 1) == FrameFault.None);

    // Mostly a number around the border, sometimes one of those where sums and products wrap.
    private static uint Small(byte choice, uint range) => (choice >> 5) switch
    {
        7 => uint.MaxValue - (choice & 1u),
        6 => (1u << 31) + (choice & 3u),
        _ => choice % range,
    };

    private static void Set(ref StripeWords map, byte page, byte spread)
    {
        var bit = spread % 2 == 0 ? page % 4 : ((page * 2) + (spread % 4 / 2)) % PagesPerStripe;
        map[bit / 64] |= 1ul << (bit % 64);
    }

    private static List<int> Bits(StripeWords map) =>
        [.. Enumerable.Range(0, PagesPerStripe).Where(bit => (map[bit / 64] >> (bit % 64) & 1) != 0)];

    private static bool Accepts(FrameHeader header)
    {
        if (header.Block >= FrameHeaders.Memory.Blocks.Count) return false;
        var pages = FrameHeaders.Memory.Blocks[header.Block].PageCount;
        List<int> sent = Bits(header.PageMap), zeros = Bits(header.ZeroMap);
        return sent.Count + zeros.Count > 0
            && sent.Concat(zeros).All(page => ((BigInteger)header.Index * PagesPerStripe) + page < pages)
            && !sent.Intersect(zeros).Any()
            && header.PayloadLength == sent.Count * PageSize;
    }

    private static bool AcceptsRun(FrameHeader header)
    {
        if (header.Block >= FrameHeaders.Memory.Blocks.Count || header.RunCount == 0 || header.RunStride == 0) return false;
        var last = header.Index + ((BigInteger)(header.RunCount - 1) * header.RunStride);
        return last * PagesPerStripe < FrameHeaders.Memory.Blocks[header.Block].PageCount && header.PayloadLength == 0;
    }

    private static bool AcceptsState(FrameHeader header)
    {
        if (header.Index > 1) return false;
        var declared = header.Index == 0 ? FrameHeaders.SectionSize : 0;
        return header.PayloadLength is > 0 and <= FrameChecks.MaxStatePayload
            && header.StateTotal <= (ulong)declared
            && (BigInteger)header.StateOffset + header.PayloadLength <= header.StateTotal;
    }
}
