using System.Diagnostics.CodeAnalysis;

namespace DataPlane.Core.Traces;

/// <summary>Reads what <see cref="DirtyTraceWriter"/> wrote. Nothing of it is believed before it has been checked; layout: TRACES.md.</summary>
public static class DirtyTraceReader
{
    /// <summary>
    /// A trace, or the fault. One that ends within a step is a trace of the whole steps before, with <see cref="DirtyTrace.IsWhole"/> false; one without a whole header,
    /// and one with anything changed, is none.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out DirtyTrace? trace, [NotNullWhen(false)] out DirtyTraceFault? fault)
    {
        var parser = new TraceParser(file);
        trace = parser.Read();
        fault = parser.Fault;
        return trace is not null;
    }
}
