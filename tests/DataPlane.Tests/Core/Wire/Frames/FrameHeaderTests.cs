using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DataPlane.Core.Wire.Frames;
using Xunit;

namespace DataPlane.Tests.Core.Wire.Frames;

public sealed class FrameHeaderTests
{
    [Fact]
    public unsafe void Is_168_bytes_on_the_wire() => Assert.Equal(168, sizeof(FrameHeader));

    [Fact]
    public void Fields_stand_where_the_byte_table_says()
    {
        var header = FrameHeaders.Pages();
        header.PayloadChecksum = 0xAABBCCDD;
        header.Seal();
        var bytes = BytesOf(ref header);
        Assert.Equal("DPF1"u8, bytes[..4]);
        Assert.Equal((byte)FrameKind.Pages, bytes[4]);
        Assert.Equal(0, bytes[5]);
        Assert.Equal(2, BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        Assert.Equal(1ul, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        Assert.Equal(3u * 4096, BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        Assert.Equal(0xAABBCCDD, BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]));
        Assert.Equal(0b1011ul, BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]));
        Assert.Equal(0b0100ul, BinaryPrimitives.ReadUInt64LittleEndian(bytes[96..]));
    }

    [Fact]
    public void Checksum_is_CRC32C_of_the_first_164_bytes()
    {
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            FrameHeader header = default;
            random.NextBytes(BytesOf(ref header));
            header.Seal();
            var bytes = BytesOf(ref header);
            Assert.Equal(BitByBit(bytes[..164]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[164..]));
        }
    }

    [Fact]
    public void A_header_read_from_its_bytes_is_the_same()
    {
        var header = FrameHeaders.DeviceState();
        var copy = MemoryMarshal.Read<FrameHeader>(BytesOf(ref header));
        Assert.Equal(FrameFault.None, FrameHeaders.Checks.Find(copy, 1));
        Assert.Equal((header.StateOffset, header.StateTotal), (copy.StateOffset, copy.StateTotal));
        Assert.Equal((header.PayloadLength, header.Checksum), (copy.PayloadLength, copy.Checksum));
    }

    [Fact]
    public void Digest_tells_order_and_presence_of_frames()
    {
        FrameHeader a = FrameHeaders.Pages(), b = FrameHeaders.Fence();
        Assert.Equal(DigestOf(a, b), DigestOf(a, b));
        Assert.NotEqual(DigestOf(a, b), DigestOf(b, a));
        Assert.NotEqual(DigestOf(a, b), DigestOf(a));
        Assert.NotEqual(DigestOf(a, a), DigestOf(a));
    }

    internal static Span<byte> BytesOf(ref FrameHeader header) => MemoryMarshal.AsBytes(new Span<FrameHeader>(ref header));

    private static uint DigestOf(params FrameHeader[] headers)
    {
        FrameDigest digest = default;
        foreach (var header in headers) digest.Add(header);
        return digest.Value;
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
        }
        return ~crc;
    }
}
