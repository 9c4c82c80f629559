using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DataPlane.Guests.Writing;

/// <summary>
/// A <see cref="WriterSchedule"/>'s place as it travels: 50 bytes and the phases, little-endian.
/// </summary>
/// <remarks>
/// <code>
/// offset size field
///   0     8   the pace's clock, ns
///   8     8   writes before it
///  16     8   time spent in the phase or step, ns
///  24     4   phase or step
///  28     4   reserved, zero
///  32     8   pages of the step that were taken
///  40     8   fingerprint of the trace that is replayed; 0 for none
///  48     2   phases, at least one
///  50   56n   each phase
/// </code>
/// </remarks>
internal sealed record WriterScheduleState
{
    public const int MaxSize = Head + (DirtyOrders.MaxPhases * WriterPhase.Size);

    private const int Head = 50;

    public long PaceClock { get; init; }

    public ulong CountBefore { get; init; }

    public long Spent { get; init; }

    public int Phase { get; init; }

    public long Taken { get; init; }

    public ulong Replay { get; init; }

    public required WriterPhase[] Phases { get; init; }

    public void Write(IBufferWriter<byte> output)
    {
        var bytes = output.GetSpan(Head)[..Head];
        bytes.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, PaceClock);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], CountBefore);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Spent);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], Phase);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Taken);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], Replay);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[48..], (ushort)Phases.Length);
        output.Advance(Head);
        output.Write(MemoryMarshal.AsBytes(Phases.AsSpan()));
    }

    /// <summary>Reads one from the front of <paramref name="bytes"/>. Throws <see cref="InvalidDataException"/>.</summary>
    public static WriterScheduleState Read(ReadOnlySpan<byte> bytes, out int size)
    {
        size = Head;
        if (bytes.Length < Head) throw new InvalidDataException("A writer's state ends before it begins.");
        var phases = BinaryPrimitives.ReadUInt16LittleEndian(bytes[48..]);
        if (phases is 0 or > DirtyOrders.MaxPhases || bytes.Length < Head + (phases * WriterPhase.Size))
            throw new InvalidDataException($"A writer's state says {phases} phases, which it does not have.");
        size += phases * WriterPhase.Size;
        return new WriterScheduleState
        {
            PaceClock = BinaryPrimitives.ReadInt64LittleEndian(bytes),
            CountBefore = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            Spent = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            Phase = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            Taken = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            Replay = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            Phases = MemoryMarshal.Cast<byte, WriterPhase>(bytes[Head..size]).ToArray(),
        };
    }
}
