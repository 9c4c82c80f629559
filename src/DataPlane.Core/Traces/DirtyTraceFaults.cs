using System.Text;
using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Core.Traces;

/// <summary>What of a trace contradicts itself, as a sentence; null for nothing. The same for one that is made and one that is read.</summary>
internal static class DirtyTraceFaults
{
    public static string? OfMemory(long bytes) => bytes > 0 && bytes <= DirtyTrace.MaxMemoryBytes && bytes % PageSize == 0 ? null
        : $"A trace is about whole pages of {PageSize} bytes, at most {DirtyTrace.MaxMemoryBytes} bytes of them, not about {bytes} bytes.";

    public static string? OfOrigin(string origin) => Encoding.UTF8.GetByteCount(origin) is > DirtyTrace.MaxOriginBytes and var bytes
        ? $"A trace's origin has at most {DirtyTrace.MaxOriginBytes} bytes, not {bytes}." : null;

    /// <summary>Of a step behind one that ended at <paramref name="before"/>.</summary>
    public static string? OfStep(DirtyTraceStep step, TimeSpan before, long memoryPages)
    {
        if (step is null || step.Pages.IsDefault) return "A step has pages, or an empty list of them.";
        if (OfEnd(step.End, before) is { } fault) return fault;
        long next = 0;
        foreach (var run in step.Pages)
        {
            if (run.Count <= 0 || run.First < next || run.First > memoryPages - run.Count)
                return $"A run of {run.Count} pages from page {run.First} is not one behind page {next - 1} in a memory of {memoryPages} pages.";
            next = run.End;
        }
        return null;
    }

    public static string? OfEnd(TimeSpan end, TimeSpan before) => end > before ? null
        : $"A step that ends at {end.Ticks} ticks of 100 ns does not follow one that ends at {before.Ticks}.";
}
