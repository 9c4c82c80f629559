using DataPlane.Guests;

namespace DataPlane.Cli.Run;

/// <summary>The directory of <c>--memory-dir</c>.</summary>
internal static class MemoryDirectory
{
    /// <summary>Makes it where it is not there. Throws <see cref="UsageException"/> where that cannot be done.</summary>
    public static void Create(GuestOptions options)
    {
        if (Path.GetDirectoryName(options.MemoryFile) is not { Length: > 0 } directory) return;
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--memory-dir '{directory}': expected a DIR that is there or can be made ({fault.Message})");
        }
    }
}
