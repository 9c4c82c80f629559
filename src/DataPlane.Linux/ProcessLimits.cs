using System.Globalization;

namespace DataPlane.Linux;

/// <summary>What the kernel allows this process at most, by the names of <c>/proc/self/limits</c>.</summary>
internal static class ProcessLimits
{
    /// <summary>Descriptors open at once.</summary>
    public const string OpenFiles = "Max open files";

    /// <summary>Bytes of memory that cannot be swapped.</summary>
    public const string LockedMemory = "Max locked memory";

    private const string Path = "/proc/self/limits";

    /// <summary>The limit in force; <see cref="long.MaxValue"/> where there is none, null where the kernel does not tell.</summary>
    public static long? Read(string name, string path = Path)
    {
        try
        {
            foreach (var line in File.ReadLines(path))
                if (line.StartsWith(name, StringComparison.Ordinal))
                    return Parse(line.AsSpan(name.Length).TrimStart());
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Parse(ReadOnlySpan<char> columns)
    {
        var end = columns.IndexOf(' ');
        var soft = end < 0 ? columns : columns[..end];
        return soft is "unlimited" ? long.MaxValue
            : long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
