using System.Collections.Immutable;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Traces;

/// <summary>
/// Which pages of a guest's memory were written when: steps that follow each other without gaps. Immutable, and free of contradictions: whoever has one
/// need not check it again.
/// </summary>
public sealed class DirtyTrace
{
    /// <summary>The longest <see cref="Origin"/>, in bytes of UTF-8.</summary>
    public const int MaxOriginBytes = 1024;

    /// <summary>The most memory that a trace is about: 4 PiB, what a guest's pages can be numbered for.</summary>
    public const long MaxMemoryBytes = 1L << 52;

    /// <summary>Throws <see cref="ArgumentException"/> naming the first contradiction.</summary>
    /// <param name="memoryBytes">Of the memory it is about, over all blocks; whole pages of 4096.</param>
    /// <param name="steps">In the order of their times.</param>
    /// <param name="origin">What was recorded, and how, for people.</param>
    /// <param name="isWhole">Whether the recording was ended; false for one that was cut off.</param>
    public DirtyTrace(long memoryBytes, ImmutableArray<DirtyTraceStep> steps, string origin, bool isWhole = true)
    {
        ArgumentNullException.ThrowIfNull(origin);
        if (DirtyTraceFaults.OfMemory(memoryBytes) is { } wrong) throw new ArgumentException(wrong, nameof(memoryBytes));
        if (DirtyTraceFaults.OfOrigin(origin) is { } tooLong) throw new ArgumentException(tooLong, nameof(origin));
        if (steps.IsDefault) throw new ArgumentException("A trace has steps, or an empty list of them.", nameof(steps));
        var end = TimeSpan.Zero;
        foreach (var step in steps)
        {
            if (DirtyTraceFaults.OfStep(step, end, memoryBytes >> PageShift) is { } fault) throw new ArgumentException(fault, nameof(steps));
            end = step.End;
        }
        (MemoryBytes, Steps, Origin, IsWhole) = (memoryBytes, steps, origin, isWhole);
    }

    /// <summary>Bytes of the memory that it is about, over all blocks; whole pages of 4096.</summary>
    public long MemoryBytes { get; }

    /// <summary>Pages of that memory.</summary>
    public long MemoryPages => MemoryBytes >> PageShift;

    /// <summary>In the order of their times. The first begins at 0.</summary>
    public ImmutableArray<DirtyTraceStep> Steps { get; }

    /// <summary>The end of the last step; 0 without any.</summary>
    public TimeSpan Duration => Steps.IsEmpty ? TimeSpan.Zero : Steps[^1].End;

    /// <summary>What was recorded, and how, for people.</summary>
    public string Origin { get; }

    /// <summary>Whether the recording was ended; false where it, or the file, was cut off behind the last step.</summary>
    public bool IsWhole { get; }
}
