using System.Buffers.Binary;
using DataPlane.Core.Errors;
using DataPlane.Core.Wire;

namespace DataPlane.Core.Handover;

/// <summary>What is wrong with the bytes of a record.</summary>
internal enum EntryFault
{
    None,

    /// <summary>Nothing was written there.</summary>
    Empty,

    /// <summary>Not a record, cut short, or its checksum is wrong: a write that did not end, or a disk that lies.</summary>
    Damaged,

    /// <summary>A record of another version of this program.</summary>
    OtherVersion,
}

/// <summary>
/// One record as it stands in a journal's file, 128 bytes, little-endian. The file is four of them, written one behind the other: no
/// record is ever overwritten, so a write that does not end leaves the one before it whole.
/// </summary>
/// <remarks>
/// <code>
/// offset size field
///   0     8   "DPHANDO1"
///   8     2   version 1
///  10     1   side: 0 source, 1 destination
///  11     1   record
///  12     4   attempt
///  16    16   image
///  32    16   journal
///  48    16   boot: the kernel's boot_id when it was written
///  64    16   the peer's journal; zero where it is not known
///  80     8   time, milliseconds since 1970, for people
///  88     1   flags: 1 every record of this file is flushed to the disk before it counts; 2 an arbiter is configured
///  89    35   reserved, zero
/// 124     4   CRC32C of bytes 0 to 123
/// </code>
/// </remarks>
internal readonly record struct HandoverEntry(
    HandoverKey Key, HandoverRecord Record, Guid Journal, Guid Boot, Guid PeerJournal, DateTimeOffset Time, bool Flushed, bool Arbiter)
{
    public const int Size = 128;

    private const ulong Magic = 0x314F_444E_4148_5044; // "DPHANDO1"
    private const ushort Version = 1;
    private const int ChecksumAt = Size - sizeof(uint);
    private const byte FlushedFlag = 1, ArbiterFlag = 2;

    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        bytes[10] = (byte)Key.Side;
        bytes[11] = (byte)Record;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Key.Attempt);
        _ = Key.Image.TryWriteBytes(bytes[16..]);
        _ = Journal.TryWriteBytes(bytes[32..]);
        _ = Boot.TryWriteBytes(bytes[48..]);
        _ = PeerJournal.TryWriteBytes(bytes[64..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[80..], Time.ToUnixTimeMilliseconds());
        bytes[88] = (byte)((Flushed ? FlushedFlag : 0) | (Arbiter ? ArbiterFlag : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Crc32c.Of(bytes[..ChecksumAt]));
    }

    public static EntryFault Read(ReadOnlySpan<byte> bytes, out HandoverEntry entry)
    {
        entry = default;
        if (!bytes.ContainsAnyExcept((byte)0)) return EntryFault.Empty;
        if (bytes.Length != Size || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic) return EntryFault.Damaged;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32c.Of(bytes[..ChecksumAt])) return EntryFault.Damaged;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) != Version) return EntryFault.OtherVersion;
        var (side, record, milliseconds) = ((MigrationSide)bytes[10], (HandoverRecord)bytes[11], BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]));
        if (!Enum.IsDefined(side) || !Enum.IsDefined(record) || milliseconds is < 0 or > 253_402_300_799_999) return EntryFault.Damaged;
        entry = new HandoverEntry(
            new HandoverKey(new Guid(bytes.Slice(16, 16)), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), side), record,
            new Guid(bytes.Slice(32, 16)), new Guid(bytes.Slice(48, 16)), new Guid(bytes.Slice(64, 16)),
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), (bytes[88] & FlushedFlag) != 0, (bytes[88] & ArbiterFlag) != 0);
        return EntryFault.None;
    }
}
