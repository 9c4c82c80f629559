using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using DataPlane.Core.Wire;
using static DataPlane.Core.Memory.PageGeometry;
using static DataPlane.Core.Traces.TraceLayout;

namespace DataPlane.Core.Traces;

/// <summary>
/// Writes a trace step by step, so that a recorder can pass on each as it comes: a file that is cut off is good up to its last whole step. Layout: TRACES.md.
/// The output stays the caller's. One thread at a time.
/// </summary>
public sealed class DirtyTraceWriter
{
    private readonly IBufferWriter<byte> _output;
    private readonly long _memoryPages;
    private TimeSpan _end;
    private uint _steps;
    private bool _ended;

    /// <summary>Writes the header. Throws <see cref="ArgumentException"/> where <see cref="DirtyTrace"/> would.</summary>
    /// <param name="output">Gets each record in one piece.</param>
    /// <param name="memoryBytes">Of the memory, over all blocks; whole pages of 4096.</param>
    /// <param name="origin">What is recorded, and how, for people.</param>
    public DirtyTraceWriter(IBufferWriter<byte> output, long memoryBytes, string origin)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(origin);
        if (DirtyTraceFaults.OfMemory(memoryBytes) is { } wrong) throw new ArgumentException(wrong, nameof(memoryBytes));
        if (DirtyTraceFaults.OfOrigin(origin) is { } tooLong) throw new ArgumentException(tooLong, nameof(origin));
        (_output, _memoryPages) = (output, memoryBytes >> PageShift);
        var text = Encoding.UTF8.GetByteCount(origin);
        var size = HeaderSize + text + ChecksumSize;
        var bytes = output.GetSpan(size)[..size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], (ushort)text);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], PageSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], memoryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], 0);
        _ = Encoding.UTF8.GetBytes(origin, bytes[HeaderSize..]);
        Seal(bytes);
        output.Advance(size);
    }

    /// <summary>Writes a step. Throws <see cref="ArgumentException"/> where it contradicts what was written before, and then writes nothing.</summary>
    public void Add(DirtyTraceStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (_ended) throw new InvalidOperationException("The trace has been ended.");
        if (DirtyTraceFaults.OfStep(step, _end, _memoryPages) is { } fault) throw new ArgumentException(fault, nameof(step));
        var room = StepHeaderSize + ((long)step.Pages.Length * 2 * MaxNumberSize) + ChecksumSize;
        if (room > Array.MaxLength) throw new ArgumentException($"A step has room for {MaxRunsSize} bytes of runs, and {step.Pages.Length} runs may take more.", nameof(step));
        var bytes = _output.GetSpan((int)room);
        var size = StepHeaderSize;
        long next = 0;
        foreach (var run in step.Pages)
        {
            size += WriteNumber(bytes[size..], run.First - next);
            size += WriteNumber(bytes[size..], run.Count);
            next = run.End;
        }
        if (size - StepHeaderSize > MaxRunsSize) throw new ArgumentException($"A step has room for {MaxRunsSize} bytes of runs.", nameof(step));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, StepMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)(size - StepHeaderSize));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], step.End.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], step.PageCount);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], (uint)step.Pages.Length);
        Seal(bytes[..StepHeaderSize]);
        size += ChecksumSize;
        Seal(bytes[..size]);
        _output.Advance(size);
        (_end, _steps) = (step.End, _steps + 1);
    }

    /// <summary>Writes that the recording has come to its end. Nothing may follow.</summary>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        var bytes = _output.GetSpan(EndSize)[..EndSize];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, EndMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], _steps);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], 0);
        Seal(bytes);
        _output.Advance(EndSize);
    }

    /// <summary>Puts the checksum of all before the last four bytes into those.</summary>
    private static void Seal(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[^ChecksumSize..], Crc32c.Of(bytes[..^ChecksumSize]));

    /// <summary>Seven bits a byte, the lowest first; the upper bit says that more follow.</summary>
    private static int WriteNumber(Span<byte> bytes, long value)
    {
        var size = 0;
        for (; value >= 0x80; value >>= 7) bytes[size++] = (byte)(value | 0x80);
        bytes[size++] = (byte)value;
        return size;
    }
}
