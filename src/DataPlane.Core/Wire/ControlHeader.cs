using System.Buffers.Binary;

namespace DataPlane.Core.Wire;

/// <summary>The 16 bytes before each control message: magic, type, length, CRC32C over the first 12 bytes and the payload.</summary>
internal readonly record struct ControlHeader(ControlMessageType Type, int Length, uint Checksum)
{
    public const int Size = 16;

    /// <summary>
    /// Most payload bytes of a message. The largest is the layout of <see cref="Memory.GuestMemory.MaxBlocks"/> blocks with names of
    /// 255 bytes: 4096 * (2 + 255 + 8 + 8 + 4) = 1.1 MiB.
    /// </summary>
    public const int MaxLength = 2 << 20;

    private const uint Magic = 0x3143_5044; // "DPC1"

    /// <summary>Writes the header of a message of <paramref name="type"/> with <paramref name="payload"/>.</summary>
    public static void Write(Span<byte> header, ControlMessageType type, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], ChecksumOf(header, payload));
    }

    /// <summary>Reads a header and checks its magic, reserved bytes and length; the checksum is checked when the payload is there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ControlHeader header, out string? fault)
    {
        header = default;
        fault = null;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            fault = "A control message does not begin as one.";
        else if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) != 0)
            fault = "A control message uses bytes that are reserved.";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) > MaxLength)
            fault = $"A control message announces {BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])} bytes; at most {MaxLength} are allowed.";
        else
            header = new ControlHeader(
                (ControlMessageType)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]),
                (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        return fault is null;
    }

    /// <summary>What the checksum of this header and payload has to be.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        ~Crc32c.Continue(Crc32c.Continue(uint.MaxValue, header[..12]), payload);
}
