using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DataPlane.Core.Wire;

/// <summary>Writes the fields of control messages, little-endian, into a growing buffer. Strings are a 16-bit length and UTF-8.</summary>
internal readonly ref struct WireWriter(IBufferWriter<byte> output)
{
    public void U8(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public void I64(long value) => U64((ulong)value);

    public void Id(Guid value)
    {
        _ = value.TryWriteBytes(output.GetSpan(16));
        output.Advance(16);
    }

    public void Bytes(ReadOnlySpan<byte> value) => output.Write(value);

    /// <summary>At most 4096 bytes are kept: messages for people, and names that were checked before.</summary>
    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var length = Math.Min(bytes.Length, WireReader.MaxTextBytes);
        U16((ushort)length);
        output.Write(bytes.AsSpan(0, length));
    }
}
