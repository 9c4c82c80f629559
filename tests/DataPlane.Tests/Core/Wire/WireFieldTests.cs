using System.Buffers;
using System.Text;
using DataPlane.Core.Wire;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Wire;

/// <summary>The fields messages are made of: any sequence of them, whole, cut short, or never written by us.</summary>
public sealed class WireFieldTests
{
    [Fact]
    public void Any_sequence_of_fields_reads_back() =>
        PropertyCheck.Holds<(byte Kind, ulong Value, string Text)[]>(fields =>
        {
            var bytes = Write(fields);
            var reader = new WireReader(bytes);
            foreach (var field in fields)
            {
                Assert.False(reader.AtEnd);
                Assert.Equal(Expected(field), Read(ref reader, field.Kind));
            }
            Assert.True(reader.AtEnd);
            Assert.Equal(0, reader.Remaining);
        });

    [Fact]
    public void A_cut_anywhere_makes_it_fail_and_read_nothing_more() =>
        PropertyCheck.Holds<((byte Kind, ulong Value, string Text)[] Fields, ushort Cut)>(input =>
        {
            var bytes = Write(input.Fields);
            if (bytes.Length == 0) return;
            var reader = new WireReader(bytes.AsSpan(0, input.Cut % bytes.Length));
            var failed = false;
            foreach (var field in input.Fields)
            {
                var value = Read(ref reader, field.Kind);
                failed |= reader.Failed;
                Assert.Equal(failed, reader.Failed);
                Assert.Equal(failed ? Nothing(field.Kind) : Expected(field), value);
            }
            Assert.True(reader.Failed);
            Assert.False(reader.AtEnd);
            Assert.Equal(0, reader.Remaining);
        });

    [Fact]
    public void Any_bytes_are_read_as_something_without_an_exception() =>
        PropertyCheck.Holds<(byte[] Bytes, byte[] Kinds)>(input =>
        {
            var reader = new WireReader(input.Bytes ?? []);
            foreach (var kind in input.Kinds ?? [])
            {
                var before = reader.Remaining;
                _ = Read(ref reader, kind);
                Assert.InRange(reader.Remaining, 0, before);
            }
        }, tests: 1000);

    [Fact]
    public void A_count_is_taken_only_if_so_many_items_can_follow() =>
        PropertyCheck.Holds<(uint Count, byte Following, byte ItemSize, byte Most)>(input =>
        {
            var count = input.Count % 300;
            var itemSize = 1 + (input.ItemSize % 20);
            var bytes = Write([((byte)2, count, "")]).Concat(new byte[input.Following]).ToArray();
            var reader = new WireReader(bytes);
            var fits = count <= input.Most && count * itemSize <= input.Following;
            Assert.Equal(fits ? (int)count : 0, reader.Count(itemSize, input.Most));
            Assert.Equal(!fits, reader.Failed);
        }, tests: 1000);

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(1u << 31)]
    public void A_count_beyond_the_positive_integers_fails(uint count)
    {
        var reader = new WireReader([.. BitConverter.GetBytes(count), 1, 2, 3, 4]);
        Assert.Equal(0, reader.Count(itemSize: 1, most: int.MaxValue));
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Text_is_kept_to_4096_bytes()
    {
        var bytes = Write([((byte)6, 0, new string('a', 4097))]);
        Assert.Equal(2 + 4096, bytes.Length);
        var reader = new WireReader(bytes);
        Assert.Equal(new string('a', 4096), reader.Text());
        Assert.True(reader.AtEnd);
    }

    [Fact]
    public void Longer_text_than_any_writer_sends_fails()
    {
        var reader = new WireReader([.. BitConverter.GetBytes((ushort)4097), .. new byte[5000]]);
        Assert.Equal("", reader.Text());
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Bytes_stand_little_endian() => Assert.Equal(
        [1, 3, 2, 7, 6, 5, 4, 15, 14, 13, 12, 11, 10, 9, 8, 1, 0, (byte)'x'],
        Write([((byte)0, 1, ""), ((byte)1, 0x0203, ""), ((byte)2, 0x04050607, ""), ((byte)3, 0x08090a0b0c0d0e0f, ""), ((byte)6, 0, "x")]));

    private static byte[] Write((byte Kind, ulong Value, string Text)[] fields)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new WireWriter(output);
        foreach (var (kind, value, text) in fields)
            switch (kind % 7)
            {
                case 0: writer.U8((byte)value); break;
                case 1: writer.U16((ushort)value); break;
                case 2: writer.U32((uint)value); break;
                case 3: writer.U64(value); break;
                case 4: writer.I64((long)value); break;
                case 5: writer.Id(IdOf(value)); break;
                default: writer.Text(text ?? ""); break;
            }
        return output.WrittenSpan.ToArray();
    }

    private static object Read(ref WireReader reader, byte kind) => (kind % 7) switch
    {
        0 => reader.U8(),
        1 => reader.U16(),
        2 => reader.U32(),
        3 => reader.U64(),
        4 => reader.I64(),
        5 => reader.Id(),
        _ => reader.Text(),
    };

    private static object Expected((byte Kind, ulong Value, string Text) field) => (field.Kind % 7) switch
    {
        0 => (byte)field.Value,
        1 => (ushort)field.Value,
        2 => (uint)field.Value,
        3 => field.Value,
        4 => (long)field.Value,
        5 => IdOf(field.Value),
        _ => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(field.Text ?? "")),
    };

    private static object Nothing(byte kind) => (kind % 7) switch
    {
        5 => Guid.Empty,
        6 => "",
        _ => Expected((kind, 0, "")),
    };

    private static Guid IdOf(ulong value) => new([.. BitConverter.GetBytes(value), .. BitConverter.GetBytes(~value)]);
}
