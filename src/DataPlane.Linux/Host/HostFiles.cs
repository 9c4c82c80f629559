namespace DataPlane.Linux.Host;

/// <summary>What a file of the kernel says, or why it says nothing.</summary>
/// <param name="Text">Its text without blanks at the ends; null where it cannot be read.</param>
/// <param name="Why">Why not, in a few words; null where it can.</param>
internal readonly record struct FileText(string? Text, string? Why);

/// <summary>The files in which the kernel tells of itself, below a root: <c>/</c>, or a test's tree.</summary>
internal sealed class HostFiles(string root = "/")
{
    /// <summary>The text of <paramref name="path"/>, which has no slash at its start. Never throws.</summary>
    public FileText Read(string path)
    {
        try
        {
            return new FileText(File.ReadAllText(Full(path)).Trim(), null);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileText(null, "this kernel has no such file");
        }
        catch (UnauthorizedAccessException)
        {
            return new FileText(null, "this user may not read it");
        }
        catch (IOException fault)
        {
            return new FileText(null, fault.Message);
        }
    }

    /// <summary>The value after <paramref name="name"/> and a colon in a file of such lines; null where there is none.</summary>
    public string? Field(string path, string name)
    {
        foreach (var line in (Read(path).Text ?? "").Split('\n'))
            if (line.StartsWith(name, StringComparison.Ordinal) && line.AsSpan(name.Length).TrimStart() is [':', .. var value])
                return value.Trim().ToString();
        return null;
    }

    /// <summary>A file that holds one number; null where it does not, or cannot be read.</summary>
    public long? Number(string path) => long.TryParse(Read(path).Text, out var number) ? number : null;

    /// <summary>The names in a folder, sorted; none where it cannot be listed.</summary>
    public IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Full(folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Where <paramref name="path"/> really is.</summary>
    public string Full(string path) => Path.Combine(root, path);
}
