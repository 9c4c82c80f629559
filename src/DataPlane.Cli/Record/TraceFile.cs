using DataPlane.Cli.Run;
using DataPlane.Core.Traces;

namespace DataPlane.Cli.Record;

/// <summary>A dirty trace in a file.</summary>
internal static class TraceFile
{
    /// <summary>Throws <see cref="UsageException"/> saying what is wrong with which byte of which file.</summary>
    public static DirtyTrace Read(string path, string option = "--replay")
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} '{path}': expected a FILE that 'record' wrote ({FileWords.Of(path, fault)})");
        }
        if (DirtyTraceReader.TryRead(bytes, out var trace, out var wrong)) return trace;
        throw new UsageException($"{option} '{path}': {wrong}");
    }
}
