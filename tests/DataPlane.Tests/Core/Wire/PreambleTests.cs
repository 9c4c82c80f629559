using System.Buffers.Binary;
using DataPlane.Core.Wire;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Wire;

public sealed class PreambleTests
{
    private static readonly Preamble Sample = new(
        ConnectionRole.Data, 7, 1, 3, Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10"), new UInt128(0x1112131415161718, 0x191a1b1c1d1e1f20));

    [Fact]
    public void Reads_back_as_it_was_written()
    {
        foreach (var preamble in (Preamble[])[Sample, Sample with { Role = ConnectionRole.Control, Channel = 0, Mac = 0 }])
        {
            Assert.True(Preamble.TryRead(Bytes(preamble), out var read, out var fault));
            Assert.Null(fault);
            Assert.Equal(preamble, read);
        }
    }

    [Fact]
    public void Overwrites_all_of_its_place()
    {
        var bytes = Enumerable.Repeat((byte)0xFF, Preamble.Size + 1).ToArray();
        Sample.Write(bytes);
        Assert.Equal([.. Bytes(Sample), 0xFF], bytes);
    }

    [Fact]
    public void Every_flipped_bit_is_refused_with_a_sentence()
    {
        for (var bit = 0; bit < Preamble.Size * 8; bit++)
        {
            var bytes = Bytes(Sample);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Preamble.TryRead(bytes, out _, out var fault));
            Assert.EndsWith(".", fault);
        }
    }

    [Fact]
    public void Every_other_length_is_refused()
    {
        for (var length = 0; length < Preamble.Size; length++)
            Assert.False(Preamble.TryRead(Bytes(Sample).AsSpan(0, length), out _, out _));
        Assert.False(Preamble.TryRead([.. Bytes(Sample), 0], out _, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(65535)]
    public void A_role_that_is_none_is_refused_by_number(ushort role)
    {
        Assert.False(Preamble.TryRead(Bytes(Sample with { Role = (ConnectionRole)role }), out _, out var fault));
        Assert.Contains($"{role}", fault);
    }

    [Theory]
    [InlineData(ConnectionRole.Data, 48)]
    [InlineData(ConnectionRole.Data, 59)]
    [InlineData(ConnectionRole.Control, 10)]
    [InlineData(ConnectionRole.Control, 32)]
    [InlineData(ConnectionRole.Control, 47)]
    [InlineData(ConnectionRole.Control, 48)]
    public void A_reserved_byte_that_is_not_zero_is_refused(object role, int at)
    {
        var bytes = Bytes((ConnectionRole)role == ConnectionRole.Data ? Sample : Sample with { Role = ConnectionRole.Control, Channel = 0, Mac = 0 });
        bytes[at] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32c.Of(bytes.AsSpan(0, 60)));
        Assert.False(Preamble.TryRead(bytes, out _, out var fault));
        Assert.Contains("bits where none are allowed", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_is_refused() =>
        PropertyCheck.Holds<byte[]>(bytes => Assert.False(Preamble.TryRead(bytes ?? [], out _, out _)), tests: 500);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(1, 9, 1)]
    [InlineData(2, 9, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(3, 1, 0)]
    public void The_highest_common_version_is_chosen(ushort oldest, ushort newest, ushort chosen) =>
        Assert.Equal(chosen, ProtocolVersion.Choose(oldest, newest));

    private static byte[] Bytes(Preamble preamble)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        return bytes;
    }
}
