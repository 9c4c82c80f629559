using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using DataPlane.Core.Memory;
using DataPlane.Core.Wire;
using static DataPlane.Core.Traces.TraceLayout;

namespace DataPlane.Core.Traces;

/// <summary>Reads a trace's bytes from the front to the first fault. Allocates no more than the bytes can stand for.</summary>
internal ref struct TraceParser(ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _at;

    /// <summary>Why there is no trace.</summary>
    public DirtyTraceFault? Fault { get; private set; }

    /// <summary>Null with a <see cref="Fault"/>.</summary>
    public DirtyTrace? Read()
    {
        if (!Header(out var memoryBytes, out var origin)) return null;
        var steps = ImmutableArray.CreateBuilder<DirtyTraceStep>();
        var whole = false;
        while (!whole && _file.Length - _at >= EndSize)
        {
            if (U32(_at) == EndMagic) whole = End(steps.Count);
            else if (!Step(steps, memoryBytes >> PageGeometry.PageShift)) break;
            if (Fault is not null) return null;
        }
        if (Fault is not null) return null;
        if (whole && _at < _file.Length) return Fail<DirtyTrace>(_at, $"{_file.Length - _at} bytes follow the end of the trace.");
        return new DirtyTrace(memoryBytes, steps.ToImmutable(), origin, whole);
    }

    private bool Header(out long memoryBytes, out string origin)
    {
        (memoryBytes, origin) = (0, "");
        if (_file.Length < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(_file) != Magic) return Fail(0, "This is no dirty trace: it does not begin as one.");
        if (_file.Length < HeaderSize) return Fail(_file.Length, $"The file ends within its header of at least {HeaderSize + ChecksumSize} bytes.");
        if (BinaryPrimitives.ReadUInt16LittleEndian(_file[8..]) is not FormatVersion and var version)
            return Fail(8, $"The trace is of version {version}; this program reads version {FormatVersion}.");
        var text = BinaryPrimitives.ReadUInt16LittleEndian(_file[10..]);
        if (text > DirtyTrace.MaxOriginBytes) return Fail(10, $"The origin has {text} bytes; {DirtyTrace.MaxOriginBytes} are the most.");
        var size = HeaderSize + text + ChecksumSize;
        if (_file.Length < size) return Fail(_file.Length, $"The file ends within its header of {size} bytes.");
        if (!Sealed(_file[..size])) return Fail(size - ChecksumSize, "The header's checksum is wrong: it has been changed.");
        if (U32(12) is not PageGeometry.PageSize and var page) return Fail(12, $"The trace counts in pages of {page} bytes, not of {PageGeometry.PageSize}.");
        memoryBytes = BinaryPrimitives.ReadInt64LittleEndian(_file[16..]);
        if (DirtyTraceFaults.OfMemory(memoryBytes) is { } wrong) return Fail(16, wrong);
        if (U32(24) != 0) return Fail(24, "A reserved field is not zero.");
        origin = Encoding.UTF8.GetString(_file.Slice(HeaderSize, text));
        if (DirtyTraceFaults.OfOrigin(origin) is { } tooLong) return Fail(HeaderSize, tooLong); // What was no UTF-8 grows as it is replaced.
        _at = size;
        return true;
    }

    /// <summary>False, without a fault, where the file ends within the step.</summary>
    private bool Step(ImmutableArray<DirtyTraceStep>.Builder steps, long memoryPages)
    {
        var at = _at;
        if (U32(at) != StepMagic) return Fail(at, "Here a step begins, or the end, and this is neither.");
        if (_file.Length - at < StepHeaderSize) return false;
        if (!Sealed(_file.Slice(at, StepHeaderSize))) return Fail(at + StepHeaderSize - ChecksumSize, "The checksum of the step's header is wrong: it has been changed.");
        var (size, runs, pages) = (U32(at + 4), U32(at + 24), BinaryPrimitives.ReadInt64LittleEndian(_file[(at + 16)..]));
        if (size > MaxRunsSize) return Fail(at + 4, $"The step has {size} bytes of runs; {MaxRunsSize} are the most.");
        if ((long)runs * MinRunSize > size) return Fail(at + 24, $"{runs} runs do not go into {size} bytes.");
        if (_file.Length - at - StepHeaderSize - ChecksumSize < (int)size) return false;
        var all = _file.Slice(at, StepHeaderSize + (int)size + ChecksumSize);
        if (!Sealed(all)) return Fail(at + all.Length - ChecksumSize, "The step's checksum is wrong: it has been changed.");
        var end = TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(all[8..]));
        if (DirtyTraceFaults.OfEnd(end, steps.Count == 0 ? TimeSpan.Zero : steps[^1].End) is { } fault) return Fail(at + 8, fault);
        _at = at + StepHeaderSize;
        if (Runs((int)runs, _at + (int)size, memoryPages) is not { } read) return false;
        var step = new DirtyTraceStep(end, read);
        if (step.PageCount != pages) return Fail(at + 16, $"The step says {pages} pages, and its runs have {step.PageCount}.");
        steps.Add(step);
        _at = at + all.Length;
        return true;
    }

    private ImmutableArray<PageRun>? Runs(int count, int end, long memoryPages)
    {
        var runs = ImmutableArray.CreateBuilder<PageRun>(count);
        long next = 0;
        for (var i = 0; i < count; i++)
        {
            var at = _at;
            if (!Number(end, out var gap) || !Number(end, out var pages)) return null;
            // Both are at least 0 and of 63 bits: neither difference leaves its type.
            if (pages == 0 || gap > memoryPages - next || pages > memoryPages - next - gap)
            {
                _ = Fail(at, $"A run of {pages} pages, {gap} behind page {next - 1}, is not one in a memory of {memoryPages} pages.");
                return null;
            }
            runs.Add(new PageRun(next + gap, pages));
            next += gap + pages;
        }
        if (_at == end) return runs.MoveToImmutable();
        _ = Fail(_at, $"{end - _at} bytes follow the step's last run.");
        return null;
    }

    private bool Number(int end, out long value)
    {
        var at = _at;
        value = 0;
        for (var shift = 0; _at < end && shift < 63; shift += 7)
        {
            var group = _file[_at++];
            value |= (long)(group & 0x7F) << shift;
            if (group < 0x80) return true;
        }
        return Fail(at, "A number has no end.");
    }

    private bool End(int steps)
    {
        if (!Sealed(_file.Slice(_at, EndSize))) return Fail(_at + EndSize - ChecksumSize, "The checksum of the end is wrong: it has been changed.");
        if (U32(_at + 4) is var told && told != steps) return Fail(_at + 4, $"The end says {told} steps, and {steps} are there.");
        if (U32(_at + 8) != 0) return Fail(_at + 8, "A reserved field is not zero.");
        _at += EndSize;
        return true;
    }

    private readonly uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_file[at..]);

    private static bool Sealed(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumSize..]) == Crc32c.Of(bytes[..^ChecksumSize]);

    private bool Fail(long offset, string what)
    {
        Fault = new DirtyTraceFault(offset, what);
        return false;
    }

    private T? Fail<T>(long offset, string what)
        where T : class
    {
        _ = Fail(offset, what);
        return null;
    }
}
