namespace DataPlane.Tests.Kit;

/// <summary>A folder that stands for the root of a host, with the kernel's files that a test wants. Deleted on dispose.</summary>
internal sealed class FileTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("dataplane-host-").FullName;

    /// <summary>The file of that path, which has no slash at its start, says <paramref name="text"/>.</summary>
    public FileTree With(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text + "\n");
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
