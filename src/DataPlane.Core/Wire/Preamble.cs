using System.Buffers.Binary;

namespace DataPlane.Core.Wire;

/// <summary>What a connection is for.</summary>
internal enum ConnectionRole : ushort
{
    Invalid = 0,
    Control = 1,
    Data = 2,
}

/// <summary>
/// The first 64 bytes on every connection, from the side that connects: who speaks, which versions, and for a data channel which
/// session and number. Byte table in WIRE.md.
/// </summary>
/// <param name="Role">Control or data.</param>
/// <param name="Channel">Number of a data channel, else 0.</param>
/// <param name="OldestVersion">Oldest version the source speaks; in a data preamble the version agreed on.</param>
/// <param name="NewestVersion">Newest.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Token">The destination's secret of the session, in a data preamble.</param>
internal readonly record struct Preamble(
    ConnectionRole Role, ushort Channel, ushort OldestVersion, ushort NewestVersion, Guid Session, Guid Token)
{
    public const int Size = 64;
    private const ulong Magic = 0x0A4E_4C50_4154_4144; // "DATAPLN\n"

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], (ushort)Role);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Channel);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[12..], OldestVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[14..], NewestVersion);
        _ = Session.TryWriteBytes(bytes[16..]);
        _ = Token.TryWriteBytes(bytes[32..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[60..], Crc32c.Of(bytes[..60]));
    }

    /// <summary>Reads a preamble; the fault is a sentence about what came instead.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Preamble preamble, out string? fault)
    {
        preamble = default;
        if (bytes.Length != Size || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
        {
            fault = "The peer does not speak the DataPlane protocol.";
            return false;
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Crc32c.Of(bytes[..60]))
        {
            fault = "The preamble's checksum is wrong.";
            return false;
        }
        if (bytes[48..60].ContainsAnyExcept((byte)0))
        {
            fault = "The preamble uses bytes that are reserved.";
            return false;
        }
        preamble = new Preamble(
            (ConnectionRole)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]),
            new Guid(bytes.Slice(16, 16)),
            new Guid(bytes.Slice(32, 16)));
        fault = preamble.Role is ConnectionRole.Control or ConnectionRole.Data ? null : $"The connection's role {(ushort)preamble.Role} is not known.";
        return fault is null;
    }
}
