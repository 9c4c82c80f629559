using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using DataPlane.Core.Traces;
using DataPlane.Core.Wire;
using DataPlane.Tests.Hostile;
using DataPlane.Tests.Kit;
using Xunit;

namespace DataPlane.Tests.Core.Traces;

/// <summary>What is written is read, and whatever else is read is refused or is the part of it that was there.</summary>
public sealed class DirtyTraceFileTests
{
    private const long Memory = 16L << 20; // 4,096 pages.

    [Fact]
    public void Any_trace_comes_back_as_it_was_written() =>
        PropertyCheck.Holds<((ushort Gap, byte Count)[] Runs, ushort Ticks)[]>(steps =>
        {
            var trace = new DirtyTrace(Memory, Steps(steps), "a guest, by hand");
            AssertSame(trace, Read(Write(trace)));
        });

    [Fact]
    public void A_cut_file_is_the_steps_before_the_cut_and_says_that_it_is_not_whole()
    {
        var trace = Sample();
        var file = Write(trace);
        var steps = 0;
        for (var length = 0; length < file.Length; length++)
        {
            if (!DirtyTraceReader.TryRead(file.AsSpan(0, length), out var cut, out var fault))
            {
                Assert.True(length < HeaderOf(trace), fault.ToString());
                Assert.InRange(fault.Offset, 0, length);
                continue;
            }
            Assert.False(cut.IsWhole);
            Assert.InRange(cut.Steps.Length, steps, trace.Steps.Length);
            steps = cut.Steps.Length;
            for (var i = 0; i < steps; i++) AssertSame(trace.Steps[i], cut.Steps[i]);
        }
        Assert.Equal(trace.Steps.Length, steps);
    }

    [Fact]
    public void A_file_with_any_bit_flipped_is_refused_at_a_byte_of_it()
    {
        var file = Write(Sample());
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            Assert.False(DirtyTraceReader.TryRead(Bits.Flip(file, bit), out var trace, out var fault), $"Bit {bit} of {file.Length * 8} makes no difference.");
            Assert.Null(trace);
            Assert.InRange(fault.Offset, 0, file.Length);
        }
    }

    [Theory]
    [InlineData("a field of the header", 8, 2, "version 2")]
    [InlineData("a field of the header", 12, 16384, "pages of 16384")]
    [InlineData("a field of the header", 16, 4097, "whole pages")]
    [InlineData("a field of the header", 24, 1, "reserved")]
    public void A_header_with_a_right_checksum_and_a_wrong_field_is_refused_at_the_field(string what, int offset, int value, string words)
    {
        var trace = Sample();
        var file = Write(trace);
        var header = file.AsSpan(0, HeaderOf(trace));
        if (offset == 8) BinaryPrimitives.WriteUInt16LittleEndian(header[8..], (ushort)value);
        else BinaryPrimitives.WriteInt32LittleEndian(header[offset..], value);
        Seal(header);
        Assert.False(DirtyTraceReader.TryRead(file, out _, out var fault), what);
        Assert.Equal(offset, fault.Offset);
        Assert.Contains(words, fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 0, 8, "does not follow")] // The end of the step.
    [InlineData(16, 99, 16, "99 pages")] // Its count of pages.
    [InlineData(24, 100_000, 24, "100000 runs")] // More runs than its bytes can hold.
    [InlineData(32, 0x7F, 32, "is not one in a memory")] // The first run begins 127 pages on, and is 4,096 long.
    [InlineData(33, 0x80, 32, "is not one in a memory")] // A run of no pages, spelled in three bytes.
    public void A_step_with_right_checksums_and_a_wrong_field_is_refused_at_the_field(int offset, int value, int at, string words)
    {
        var trace = new DirtyTrace(Memory, [new DirtyTraceStep(TimeSpan.FromSeconds(1), [new PageRun(0, 4096)])], "");
        var file = Write(trace);
        var step = file.AsSpan(HeaderOf(trace), 32 + 3 + 4); // The run takes one byte and two.
        if (offset < 32) BinaryPrimitives.WriteInt32LittleEndian(step[offset..], value);
        else if (offset == 32) step[32] = (byte)value;
        else (step[33], step[34]) = (0x80, 0);
        Seal(step[..32]);
        Seal(step);
        Assert.False(DirtyTraceReader.TryRead(file, out _, out var fault));
        Assert.Contains(words, fault.What, StringComparison.Ordinal);
        Assert.Equal(HeaderOf(trace) + at, fault.Offset);
    }

    [Fact]
    public void A_number_that_does_not_end_and_bytes_behind_the_end_are_refused()
    {
        var trace = new DirtyTrace(Memory, [new DirtyTraceStep(TimeSpan.FromSeconds(1), [new PageRun(0, 4096)])], "");
        var file = Write(trace);
        var step = file.AsSpan(HeaderOf(trace), 32 + 3 + 4);
        step[34] |= 0x80;
        Seal(step);
        Assert.False(DirtyTraceReader.TryRead(file, out _, out var endless));
        Assert.Contains("no end", endless.What, StringComparison.Ordinal);
        Assert.False(DirtyTraceReader.TryRead([.. Write(trace), 0], out _, out var more));
        Assert.Contains("1 bytes follow", more.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_no_trace()
    {
        Assert.False(DirtyTraceReader.TryRead([], out _, out var empty));
        Assert.Equal(0, empty.Offset);
        PropertyCheck.Holds<byte[]>(bytes => Assert.False(DirtyTraceReader.TryRead(bytes, out _, out _)));
    }

    [Fact]
    public void What_contradicts_itself_is_neither_made_nor_written()
    {
        var second = TimeSpan.FromSeconds(1);
        foreach (var pages in new ImmutableArray<PageRun>[] { [new(0, 0)], [new(-1, 1)], [new(4096, 1)], [new(0, 4097)], [new(long.MaxValue, 1)], [new(8, 1), new(7, 1)], [new(7, 2), new(8, 1)] })
        {
            var step = new DirtyTraceStep(second, pages);
            Assert.Throws<ArgumentException>(() => new DirtyTrace(Memory, [step], ""));
            var output = new ArrayBufferWriter<byte>();
            var writer = new DirtyTraceWriter(output, Memory, "");
            var before = output.WrittenCount;
            Assert.Throws<ArgumentException>(() => writer.Add(step));
            Assert.Equal(before, output.WrittenCount);
        }
        Assert.Throws<ArgumentException>(() => new DirtyTrace(Memory, [new(second, []), new(second, [])], ""));
        Assert.Throws<ArgumentException>(() => new DirtyTrace(4097, [], ""));
        Assert.Throws<ArgumentException>(() => new DirtyTrace(Memory, [], new string('x', 1025)));
    }

    private static DirtyTrace Sample() => new(
        Memory,
        [
            new DirtyTraceStep(TimeSpan.FromMilliseconds(100), [new PageRun(0, 1), new PageRun(3, 300), new PageRun(4095, 1)]),
            new DirtyTraceStep(TimeSpan.FromMilliseconds(200), []),
            new DirtyTraceStep(TimeSpan.FromMilliseconds(301), [new PageRun(1, 1), new PageRun(2, 7)]),
        ],
        "a guest, by hand");

    /// <summary>Runs with gaps that leave memory end there.</summary>
    private static ImmutableArray<DirtyTraceStep> Steps(((ushort Gap, byte Count)[] Runs, ushort Ticks)[] steps)
    {
        var made = ImmutableArray.CreateBuilder<DirtyTraceStep>();
        var end = TimeSpan.Zero;
        foreach (var (runs, ticks) in steps)
        {
            var pages = ImmutableArray.CreateBuilder<PageRun>();
            long next = 0;
            foreach (var (gap, count) in runs ?? [])
            {
                var run = new PageRun(next + gap, count + 1);
                if (run.End > Memory >> 12) break;
                pages.Add(run);
                next = run.End;
            }
            made.Add(new DirtyTraceStep(end += TimeSpan.FromTicks(ticks + 1), pages.ToImmutable()));
        }
        return made.ToImmutable();
    }

    private static byte[] Write(DirtyTrace trace)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new DirtyTraceWriter(output, trace.MemoryBytes, trace.Origin);
        foreach (var step in trace.Steps) writer.Add(step);
        writer.End();
        return output.WrittenSpan.ToArray();
    }

    private static DirtyTrace Read(byte[] file)
    {
        Assert.True(DirtyTraceReader.TryRead(file, out var trace, out var fault), fault?.ToString());
        return trace;
    }

    private static int HeaderOf(DirtyTrace trace) => 28 + trace.Origin.Length + 4;

    private static void Seal(Span<byte> bytes) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32c.Of(bytes[..^4]));

    private static void AssertSame(DirtyTrace expected, DirtyTrace actual)
    {
        Assert.Equal((expected.MemoryBytes, expected.Origin, expected.IsWhole, expected.Duration), (actual.MemoryBytes, actual.Origin, actual.IsWhole, actual.Duration));
        Assert.Equal(expected.Steps.Length, actual.Steps.Length);
        for (var i = 0; i < expected.Steps.Length; i++) AssertSame(expected.Steps[i], actual.Steps[i]);
    }

    private static void AssertSame(DirtyTraceStep expected, DirtyTraceStep actual)
    {
        Assert.Equal(expected.End, actual.End);
        Assert.Equal(expected.Pages.AsEnumerable(), actual.Pages.AsEnumerable());
    }
}
