using System.Buffers.Binary;

namespace DataPlane.Core.Wire;

/// <summary>What a connection is for.</summary>
internal enum ConnectionRole : ushort
{
    Invalid = 0,
    Control = 1,
    Data = 2,

    /// <summary>A source whose session's connection was lost asks how the handover stands.</summary>
    Handover = 3,

    /// <summary>A client that measures the link; no guest will come.</summary>
    Link = 4,
}

/// <summary>
/// The first 64 bytes on every connection, from the side that connects: who speaks, which versions, and for a data channel which
/// session and number. Byte table in WIRE.md.
/// </summary>
/// <param name="Role">Control, data, handover or link.</param>
/// <param name="Channel">Number of a data channel, else 0.</param>
/// <param name="OldestVersion">Oldest version the source speaks; in a data preamble the version agreed on.</param>
/// <param name="NewestVersion">Newest.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Mac">In a data preamble: what shows that it belongs to the session, by <see cref="JoinKey"/>; else 0.</param>
internal readonly record struct Preamble(
    ConnectionRole Role, ushort Channel, ushort OldestVersion, ushort NewestVersion, Guid Session, UInt128 Mac)
{
    public const int Size = 64;

    /// <summary>Where the MAC stands, and so how many bytes it covers.</summary>
    public const int MacOffset = 32;

    private const int ReservedOffset = 48;
    private const int ChecksumOffset = 60;
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
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[MacOffset..], Mac);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Crc32c.Of(bytes[..ChecksumOffset]));
    }

    /// <summary>The preamble of data channel <paramref name="channel"/> of a session that the destination accepted with <paramref name="key"/>.</summary>
    public static Preamble ForChannel(ushort channel, ushort version, Guid session, JoinKey key)
    {
        var preamble = new Preamble(ConnectionRole.Data, channel, version, version, session, Mac: 0);
        return preamble with { Mac = key.MacOf(preamble) };
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
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Crc32c.Of(bytes[..ChecksumOffset]))
        {
            fault = "The preamble's checksum is wrong.";
            return false;
        }
        preamble = new Preamble(
            (ConnectionRole)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]),
            new Guid(bytes.Slice(16, 16)),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[MacOffset..]));
        fault = preamble.Role is < ConnectionRole.Control or > ConnectionRole.Link ? $"The connection's role {(ushort)preamble.Role} is not known."
            // What a later version makes of these bytes is not known here: there the versions are what has to be said.
            : preamble.OldestVersion <= ProtocolVersion.Newest && !preamble.IsZeroWhereReserved(bytes) ? "The preamble has bits where none are allowed."
            : null;
        return fault is null;
    }

    private bool IsZeroWhereReserved(ReadOnlySpan<byte> bytes) =>
        !bytes[ReservedOffset..ChecksumOffset].ContainsAnyExcept((byte)0)
        && (Role == ConnectionRole.Data || (Channel == 0 && Mac == UInt128.Zero));
}
